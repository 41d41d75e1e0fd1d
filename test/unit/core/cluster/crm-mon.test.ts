import { isByPerson } from '../../../../electron/core/lifecycle/fencing.ts';
import { describe, expect, test } from 'vitest';
import { parseCrmMon } from '../../../../electron/core/cluster/pacemaker/read/crm-mon.ts';
import type { CrmMonStatus } from '../../../../electron/core/cluster/pacemaker/read/crm-mon.ts';
import { capture } from './capture.ts';

function status(path: string): CrmMonStatus {
  return statusOf(capture(path));
}

function statusOf(xml: string): CrmMonStatus {
  const parsed = parseCrmMon(xml);
  if (parsed.kind !== 'status') throw new Error(parsed.kind);
  return parsed;
}

describe('crm_mon', () => {
  test('a healthy cluster: coordinator, quorum, options and every node', () => {
    const { nodes, resources, failures, failCounts, fencing, ...rest } = status('healthy/lab-c1/crm_mon.xml');
    expect(rest).toEqual({
      kind: 'status',
      apiVersion: '2.25',
      pacemakerVersion: '2.1.5-a3f44794f94',
      dc: 'lab-c1',
      hasQuorum: true,
      isInMaintenanceMode: false,
      isFencingEnabled: true,
      noQuorumPolicy: 'stop',
    });
    const member = {
      type: 'member',
      isOnline: true,
      isStandby: false,
      isStandbyOnFail: false,
      isInPacemakerMaintenance: false,
      isPending: false,
      isUnclean: false,
      isShuttingDown: false,
    };
    expect(nodes).toEqual([
      { name: 'lab-c1', id: '1', ...member, isDc: true, resourcesRunning: 2 },
      { name: 'lab-c2', id: '2', ...member, isDc: false, resourcesRunning: 3 },
      { name: 'lab-c3', id: '3', ...member, isDc: false, resourcesRunning: 2 },
      { name: 'lab-w1', id: 'lab-w1', ...member, type: 'remote', isDc: false, resourcesRunning: 1 },
    ]);
    expect(resources.map(({ id, agent, role, nodes: on }) => [id, agent, role, ...on])).toEqual([
      ['power', 'stonith:fence_lab', 'Started', 'lab-c1'],
      ['lab-w1', 'ocf:pacemaker:remote', 'Started', 'lab-c1'],
      ['vm1', 'ocf:heartbeat:VirtualDomain', 'Started', 'lab-c2'],
      ['vm2', 'ocf:heartbeat:VirtualDomain', 'Started', 'lab-c2'],
      ['vm3', 'ocf:heartbeat:VirtualDomain', 'Started', 'lab-c2'],
      ['vm4', 'ocf:heartbeat:VirtualDomain', 'Started', 'lab-c3'],
      ['vm5', 'ocf:heartbeat:VirtualDomain', 'Started', 'lab-w1'],
      ['gpu1', 'ocf:heartbeat:VirtualDomain', 'Stopping', 'lab-c3'],
    ]);
    expect({ failures, failCounts, fencing }).toEqual({ failures: [], failCounts: [], fencing: [] });
  });

  test('asked with every section named or with none, it tells the same', () => {
    const full = status('healthy/lab-c1/crm_mon-full.xml');
    expect(status('healthy/lab-c1/crm_mon.xml')).toEqual(full);
  });

  test('the instances of a clone are flattened and know their clone', () => {
    const demo = status('failed-resource/lab-c1/crm_mon.xml').resources.filter(({ id }) => id === 'demo');
    expect(demo.map(({ clone, nodes }) => [clone, ...nodes])).toEqual([
      ['demo-clone', 'lab-c1'],
      ['demo-clone', 'lab-c3'],
      ['demo-clone', 'lab-c2'],
      ['demo-clone', 'lab-w1'],
    ]);
  });

  test('a group inside a clone, and a bundle’s replica, are flattened all the same', () => {
    const xml = capture('failed-resource/lab-c1/crm_mon.xml');
    const grouped = xml
      .replace(/(<clone id="demo-clone"[^>]*>)/u, '$1<group id="g:0" number_resources="4">')
      .replace('</clone>', '</group></clone>');
    const bundled = xml
      .replace('<clone id="demo-clone"', '<bundle id="demo-clone"')
      .replace('</clone>', '</replica></bundle>')
      .replace(/(<bundle [^>]*>)/u, '$1<replica id="0">');
    for (const edited of [grouped, bundled]) expect(statusOf(edited).resources).toEqual(statusOf(xml).resources);
  });

  test('a guest node, a VM that runs pacemaker_remote, is no server', () => {
    const xml = capture('healthy/lab-c1/crm_mon.xml').replace(
      '<node name="lab-w1" id="lab-w1" online',
      '<node name="lab-w1" id="lab-w1" id_as_resource="vm1" online',
    );
    expect(statusOf(xml).nodes.map(({ name }) => name)).toEqual(['lab-c1', 'lab-c2', 'lab-c3']);
  });

  test('a migration under way lists both nodes and its pending or failed step', () => {
    const at = (time: string, vm: string) =>
      status(`timelines/standby-3vm/${time}.xml`).resources.find(({ id }) => id === vm);
    expect(at('0003.77', 'vm1')).toMatchObject({ role: 'Migrating', nodes: ['lab-c1', 'lab-c2'], isFailed: false });
    expect(at('0007.04', 'vm3')).toMatchObject({ role: 'Migrating', nodes: ['lab-c2'], isFailed: true });
    expect(at('0007.49', 'vm3')).toMatchObject({ role: 'Started', nodes: ['lab-w1'], pending: 'Monitoring' });
  });

  test('failures carry their resource, their node and the time with its zone', () => {
    expect(status('failed-resource/lab-c1/crm_mon.xml').failures).toEqual([
      {
        resource: 'vm1',
        node: 'lab-c2',
        operation: 'monitor',
        exitStatus: 'not running',
        exitReason: '',
        failedAt: Date.UTC(2026, 10, 22, 11, 23, 49),
      },
    ]);
    expect(status('failed-service-recovered/lab-c1/crm_mon.xml').failCounts).toEqual([
      { resource: 'vm1', node: 'lab-c2', failCount: 1, limit: 1_000_000 },
      { resource: 'demo', node: 'lab-c2', failCount: 1, limit: 1_000_000 },
    ]);
  });

  test('the fencing history holds attempts that failed or are under way, which stonith_admin leaves out', () => {
    const device = {
      target: 'lab-c3',
      action: 'reboot',
      client: 'pacemaker-controld.436',
      delegate: 'lab-c1',
      exitReason: '',
    };
    expect(status('unclean-unfenced/lab-c1/crm_mon.xml').fencing).toEqual([
      { ...device, status: 'pending', completedAt: null },
      { ...device, status: 'failed', completedAt: Date.UTC(2026, 10, 22, 11, 21, 31) },
      { ...device, status: 'success', completedAt: Date.UTC(2026, 10, 22, 11, 20, 7) },
    ]);
    expect(capture('unclean-unfenced/lab-c1/stonith-history.xml')).not.toContain('status="failed"');
  });

  test('R11: a fencing that a person confirmed has no device: its delegate is a human', () => {
    const succeeded = status('confirmed-off/c1/crm_mon.xml').fencing.filter((event) => event.status === 'success');
    expect(succeeded).toEqual([
      {
        target: 'c3',
        action: 'off',
        status: 'success',
        delegate: 'a human',
        client: 'stonith_admin.523',
        completedAt: Date.UTC(2026, 10, 29, 0, 56, 31),
        exitReason: '',
      },
    ]);
    expect(isByPerson(succeeded[0]?.delegate ?? '')).toBe(true);
  });

  test('before a coordinator is elected quorum is not told, which is not the same as refused', () => {
    const starting = status('bootstrap/m.4.xml');
    expect([starting.dc, starting.hasQuorum, starting.nodes[0]?.isUnclean]).toEqual([null, null, true]);
    expect(status('no-quorum/lab-c1/crm_mon.xml')).toMatchObject({ dc: 'lab-c1', hasQuorum: false });
  });

  test('no cluster on the machine is told apart from garbage, and from a login that may not ask', () => {
    expect(parseCrmMon(capture('candidate-fresh/lab-x1/crm_mon.xml'))).toEqual({
      kind: 'not-running',
      because: 'crm_mon: Connection to cluster failed: Connection refused',
    });
    // What crm_mon 2.1.5 printed for a user outside the group haclient.
    const refused = `<pacemaker-result api-version="2.25" request="crm_mon --output-as=xml">
  <status code="4" message="Insufficient privileges">
    <errors>
      <error>error: Could not connect to launcher: Permission denied</error>
      <error>crm_mon: Connection to cluster failed: Permission denied</error>
    </errors>
  </status>
</pacemaker-result>`;
    expect(parseCrmMon(refused).kind).toBe('no-privilege');
    const healthy = capture('healthy/lab-c1/crm_mon.xml');
    for (const bad of [
      '',
      'Segmentation fault',
      healthy.slice(0, 3000),
      '<html><body/></html>',
      '{"nodes":[]}',
      '<a __proto__="1"/>',
    ]) {
      expect(parseCrmMon(bad)).toEqual({ kind: 'not-understood' });
    }
  });

  test('a pacemakerd that is starting or stopping is no running cluster', () => {
    const transitional = ['starting_daemons', 'shutting_down'];
    for (const state of transitional) {
      const xml = capture('healthy/lab-c1/crm_mon.xml').replace('state="running"', `state="${state}"`);
      expect(parseCrmMon(xml).kind).toBe('not-running');
    }
  });
});
