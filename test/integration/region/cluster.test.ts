import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { RegionId } from '../../../shared/model/ids.ts';
import { newRing, startReplayedNode, type ReplayedNode } from '../../helpers/replayed-node.ts';
import { regionOf, rowOf, runApp, type RunningApp } from '../../helpers/running-app.ts';
import { makeTestUser } from '../../helpers/test-user.ts';
import { cannot, keyLogin, live, offline, open, read, seedOf, skipped, trust } from './region.ts';

const text = 'Segmentation fault\u0000 \u001B[31m<pacemaker-result';

describe.skipIf(cannot !== undefined)(`what a control node says${skipped}`, () => {
  let node: ReplayedNode;
  let bare: ReplayedNode;
  let running: RunningApp;
  let id: RegionId;

  beforeAll(async () => {
    const ring = await newRing();
    node = await startReplayedNode({ name: 'lab-c1', ring });
    bare = await startReplayedNode({ name: 'lab-c3', ring: await newRing(), without: ['crm_mon', 'sudo'] });
    running = await runApp();
    await running.call('settings.set', { fastIntervalMs: 1000, clusterIntervalMs: 1000 });
    await trust(running, node.sshd, bare.sshd);
    id = await open(running, { login: keyLogin(node.sshd), seeds: [seedOf(node)] });
    await read(running, id, 'lab-c1');
  });
  afterAll(async () => {
    await running.close();
    await node.close();
    await bare.close();
  });
  beforeEach(async () => {
    node.becomes('healthy/lab-c1');
    await running.call('regions.retry', { regionId: id });
    await live(running, id);
  });

  /** Every row as it stands: name and status. */
  const statuses = async () =>
    (await running.call('regions.snapshot', { regionId: id })).nodes.map(({ hostname, status }) => [
      hostname,
      status.status,
    ]);

  test('that it has no quorum: nothing it says of others is believed, and every status is the last known, marked', async () => {
    const before = await statuses();
    node.becomes('no-quorum/lab-c1');
    const { problem, snapshot, nextTryAt } = await offline(running, id, 'no-quorum');
    expect(problem.message).toContain('no quorum: 1 of 3 votes');
    expect(nextTryAt).not.toBeNull();
    expect(snapshot.nodes.map(({ hostname, status }) => [hostname, status.status])).toEqual(before);
    for (const { status } of snapshot.nodes) {
      expect(status).toMatchObject({ unknownSince: expect.any(Number) as number, reason: 'no quorum: 1 of 3 votes' });
    }
    node.becomes('healthy/lab-c1');
    const again = await live(running, id);
    expect(again.nodes.map(({ status }) => status.unknownSince)).toEqual(again.nodes.map(() => null));
  });

  test('that its cluster is stopped, with its own words as evidence', async () => {
    node.becomes('services-stopped/lab-x2');
    const { problem } = await offline(running, id, 'cluster-not-running');
    expect(problem.evidence).toMatchObject({
      kind: 'output',
      stdout: expect.stringContaining('Could not connect to launcher') as string,
    });
  });

  test('that is not understood: the output is the evidence, and no row is lost', async () => {
    const before = await statuses();
    node.says('crm_mon', { stdout: text });
    const { problem } = await offline(running, id, 'output-not-understood');
    expect(problem.evidence).toMatchObject({ stdout: expect.stringContaining('Segmentation fault') as string });
    expect(await statuses()).toEqual(before);
  });

  test('of itself that is not understood makes that value unknown, and no other', async () => {
    node.says('systemctl', { stdout: text });
    node.says('virsh-list', { stdout: `${text}\n` });
    const nodeId = rowOf(await live(running, id), 'lab-c1').id;
    await running.call('nodes.refresh', { regionId: id, nodeId });
    // A rate needs a second sample, which comes with the next fast read.
    const detail = await vi.waitFor(
      async () => {
        const shown = await running.call('nodes.detail', { regionId: id, nodeId });
        expect(shown.row.cpuPercent.kind).toBe('known');
        return shown;
      },
      { timeout: 20_000, interval: 250 },
    );
    expect(detail).toMatchObject({
      services: { kind: 'unknown', because: expect.stringContaining('systemctl') as string },
      domains: { kind: 'unknown', because: expect.stringContaining('virsh list was not understood') as string },
      system: { kind: 'known' },
      filesystems: { kind: 'known' },
      row: { reachability: { kind: 'reachable' }, cpuPercent: { kind: 'known' } },
    });
  });

  test('that it is of a version that was not tested: everything is shown, nothing may be changed, and why', async () => {
    node.says('crm_mon-version', {
      stdout:
        '<pacemaker-result api-version="2.38"><version program="Pacemaker" version="3.0.0"/><status code="0" message="OK"/></pacemaker-result>',
    });
    await running.call('regions.close', { regionId: id });
    await running.call('regions.open', { regionId: id });
    const { region, nodes } = await live(running, id);
    expect(region).toMatchObject({ versions: { pacemaker: '3.0.0' } });
    expect(region.readOnlyBecause).toBe('Pacemaker 3.0.0 was not tested with Rackside (tested: 2.1)');
    expect(nodes).toHaveLength(4);
  });

  test('that there is no Pacemaker, or no way to root: each is told as that, and the right way in then works', async () => {
    const user = makeTestUser();
    onTestFinished(() => user.remove());
    const change = (seed: ReplayedNode, name = seed.sshd.user) => {
      const login = { ...keyLogin(seed.sshd), user: name };
      return running.call('regions.update', { regionId: id, region: regionOf({ login, seeds: [seedOf(seed)] }) });
    };
    await change(bare);
    const { problem } = await offline(running, id, 'no-cluster-software');
    expect(problem.message).toBe('lab-c3 has no Pacemaker: crm_mon is not installed there.');
    const withoutSudo = await startReplayedNode({ name: 'lab-c1', ring: await newRing(), without: ['sudo'] });
    onTestFinished(() => withoutSudo.close());
    await trust(running, withoutSudo.sshd);
    await change(withoutSudo, user.name);
    const { problem: noSudo, snapshot } = await offline(running, id, 'sudo-missing');
    expect(noSudo.message).toContain(withoutSudo.address);
    expect(snapshot.nodes).toHaveLength(4);
    await change(node);
    await live(running, id);
  });
});
