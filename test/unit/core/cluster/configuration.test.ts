import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  parseConfiguration,
  readConfiguration,
} from '../../../../electron/core/cluster/pacemaker/read/configuration.ts';
import { parseXml, xmlOf } from '../../../../electron/core/cluster/pacemaker/read/xml.ts';
import type { ClusterConfiguration } from '../../../../shared/model/configuration.ts';
import { capture } from './capture.ts';
import { localShell } from './local-shell.ts';

const folder = fileURLToPath(new URL('../../../fixtures/captures/', import.meta.url));
const rich = capture('operations/configuration/cib-rich.xml');
const options = { deadlineMs: 5000, now: () => 1000 };

function parsed(xml: string): ClusterConfiguration {
  const configuration = parseConfiguration(xml, 1000);
  if (configuration === undefined) throw new Error('no configuration');
  return configuration;
}

const vm = {
  isInGroup: false,
  isInClone: false,
  allowMigrate: 'true',
  isManaged: null,
  targetRole: null,
  caredForUntil: null,
};

describe('the configuration that operations read', () => {
  test('a captured cluster is quorate, named by its epoch, and places by utilization', () => {
    const { isQuorate, version, placementStrategy, marks, otherResources } = parsed(capture('healthy/lab-c1/cib.xml'));
    expect({ isQuorate, version, placementStrategy, marks, otherResources }).toEqual({
      isQuorate: true,
      version: '44.0',
      placementStrategy: 'utilization',
      marks: [],
      otherResources: [],
    });
    expect(parsed(capture('no-quorum/lab-c1/cib.xml')).isQuorate).toBe(false);
    expect(parsed(rich.replace(/<nvpair id="[^"]*placement-strategy.*\n/u, ''))).toMatchObject({
      placementStrategy: 'default',
    });
  });

  test('a VM carries what its template gives it, what it is inside of, and until when a move of ours cares for it', () => {
    expect(parsed(rich).vms).toEqual([
      { ...vm, resource: 'r3', topLevel: 'r3', domain: 'r3', memoryMib: 16 },
      // Its rule is one of the night hours: whether it holds now only the cluster knows, so it counts.
      { ...vm, resource: 'r2', topLevel: 'r2', domain: 'r2', memoryMib: 24, isManaged: 'false' },
      { ...vm, resource: 'rgpu', topLevel: 'rgpu', domain: 'rgpu', memoryMib: 16, allowMigrate: 'false' },
      {
        ...vm,
        resource: 'r1',
        topLevel: 'r1',
        domain: 'r1',
        memoryMib: 16,
        caredForUntil: Date.parse('2026-11-23T21:34:51Z'),
      },
      { ...vm, resource: 'rt1', topLevel: 'rt1', domain: 'web-01', memoryMib: 20 },
      {
        ...vm,
        resource: 'rt2',
        topLevel: 'rt2',
        domain: 'rt2',
        memoryMib: 20,
        allowMigrate: 'false',
        isManaged: 'false',
        targetRole: 'Stopped',
      },
      {
        ...vm,
        resource: 'rgvm',
        topLevel: 'rg',
        isInGroup: true,
        domain: 'rgvm',
        memoryMib: null,
        allowMigrate: null,
      },
    ]);
  });

  test('a care set without an end is somebody’s unmanaging, and nobody waits for it to expire', () => {
    const endless = rich.replace(/<rule id="rackside-care-r1-r"[\s\S]*?<\/rule>/u, '');
    expect(parsed(endless).vms.find(({ resource }) => resource === 'r1')).toMatchObject({
      isManaged: 'false',
      caredForUntil: null,
    });
  });

  test('a VM in a clone says so, by the clone’s id', () => {
    const cloned = rich.replace('<primitive id="rc" class="ocf" provider="pacemaker" type="Dummy"/>', (dummy) =>
      dummy.replace('provider="pacemaker" type="Dummy"', 'provider="heartbeat" type="VirtualDomain"'),
    );
    expect(parsed(cloned).vms.find(({ resource }) => resource === 'rc')).toMatchObject({
      topLevel: 'rc-clone',
      isInClone: true,
      isInGroup: false,
    });
  });

  test('of two sets without a score the later one wins, and one with a higher score before both', () => {
    const set = (id: string, value: string, score = '') =>
      `<meta_attributes id="${id}"${score}><nvpair id="${id}-v" name="allow-migrate" value="${value}"/></meta_attributes>`;
    const withSets = (sets: string) =>
      parsed(rich.replace('<template id="rvm"', `<primitive id="two" type="VirtualDomain">${sets}</primitive>$&`));
    const valueOf = (sets: string) => withSets(sets).vms.find(({ resource }) => resource === 'two')?.allowMigrate;
    expect(valueOf(set('a', 'false') + set('b', 'true'))).toBe('true');
    expect(valueOf(set('a', 'false', ' score="5"') + set('b', 'true'))).toBe('false');
  });

  test('everything that is no VM, fencing device or connection of a Worker is another resource, by its top-level id', () => {
    expect(parsed(rich).otherResources).toEqual(['rg', 'rc-clone', 'rgc-clone', 'rdummy']);
  });

  test('constraints of every kind name their resources and nodes: by attribute, set, tag, template and rule', () => {
    const told = parsed(rich).constraints.map(({ id, kind, resources, pattern, nodes, score }) => [
      id,
      kind,
      resources.join(' '),
      pattern,
      nodes.join(' '),
      score,
    ]);
    expect(told).toEqual([
      ['location-r3-w1-50', 'location', 'r3', null, 'w1', 50],
      ['location-r2-c2-50', 'location', 'r2', null, 'c2', 50],
      ['location-rgpu', 'location', 'rgpu', null, 'c2', null],
      ['location-r1-c2-50', 'location', 'r1', null, 'c2', 50],
      ['rackside-hold-c2', 'location', '', '!^(r1|r2|rgpu|power)$', 'c2', -1_000_000],
      ['rackside-move-r1', 'location', 'r1', null, 'c3', 1_000_000],
      ['rl-rule', 'location', 'rt1', null, 'c1 c3', null],
      ['rl-shared', 'location', 'rt2', null, 'c1 c3', null],
      ['rl-template', 'location', 'rt1 rt2', null, 'w1', -1_000_000],
      ['rl-set', 'location', 'r1 r3', null, 'w2', -10],
      ['rl-tag', 'location', 'r2 rt1', null, 'w1', 20],
      ['rcol', 'colocation', 'r2 r1', null, '', -1_000_000],
      ['rcolset', 'colocation', 'r1 r2 rc-clone', null, '', 100],
      ['rord', 'order', 'rc-clone r1', null, '', null],
      ['rtick', 'ticket', 'r3', null, '', null],
    ]);
  });

  test('a constraint is kept as it stands: parsed again, it is the same element', () => {
    for (const { xml } of parsed(rich).constraints) expect(rich.replaceAll(/>\s+</gu, '><')).toContain(xml);
    const odd = '<a b="1 &amp; &lt;2&gt; &quot;3&quot;&#10;4"><c/>x &lt; y</a>';
    const element = parseXml(odd);
    expect(element === undefined ? '' : parseXml(xmlOf(element))).toEqual(element);
  });

  test('fencing devices carry their hosts, those of the host map too', () => {
    expect(parsed(rich).fencingDevices).toEqual([
      { resource: 'power', agent: 'fence_lab', hostList: null, hostCheck: 'dynamic-list' },
      { resource: 'ripmi', agent: 'fence_ipmilan', hostList: ['c1', 'c2', 'c3', 'w1'], hostCheck: null },
    ]);
  });

  test('leases, slots and units are told as the strings they are; records are not among them', () => {
    expect(parsed(rich).marks).toEqual(
      [
        { name: 'rackside-lease-c2', value: '0123456789abcdef.7.eyJvd25lciI6ImEgb24gYiJ9' },
        { name: 'rackside-slot-admission', value: 'fedcba9876543210.1.e30' },
        { name: 'rackside-unit-r1', value: 'OP17' },
      ].toSorted((a, b) => rich.indexOf(a.value) - rich.indexOf(b.value)),
    );
  });
});

describe('reading it', () => {
  const tools = `cibadmin() { /bin/cat '${folder}operations/configuration/cib-rich.xml'; }\nuname() { echo c1; }`;
  const refused = `cibadmin() { /bin/cat '${folder}operations/configuration/cib-bare.txt.err' >&2; return 102; }\nuname() { echo c1; }`;

  test('one script in a real shell gives the captured configuration', async () => {
    const shell = localShell(tools);
    expect(await readConfiguration(shell, options)).toEqual(parsed(rich));
    expect(shell.asked).toEqual(['none']);
  });

  test('a login outside the cluster’s group is asked again as root; a cluster that root cannot reach is not running', async () => {
    const shell = localShell(refused, tools);
    expect((await readConfiguration(shell, options)).version).toBe('21.0');
    expect(shell.asked).toEqual(['none', 'root']);
    await expect(readConfiguration(localShell(refused), options)).rejects.toMatchObject({
      problem: {
        code: 'cluster-not-running',
        message: 'No cluster answers on c1: Could not connect to the CIB: Transport endpoint is not connected.',
      },
    });
  });

  test('half a CIB is none', async () => {
    const half = `cibadmin() { /bin/cat '${folder}operations/configuration/cib-rich.xml' | head -c 30000; }\nuname() { echo c1; }`;
    await expect(readConfiguration(localShell(half), options)).rejects.toMatchObject({
      problem: { code: 'output-not-understood' },
    });
    expect(parseConfiguration('<html/>', 1000)).toBeUndefined();
  });
});
