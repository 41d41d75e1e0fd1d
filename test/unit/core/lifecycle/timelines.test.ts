import { describe, expect, test } from 'vitest';
import { isProvenOff } from '../../../../electron/core/lifecycle/proven-off.ts';
import { answered, answerOf, capture, capturesIn } from '../cluster/capture.ts';
import { replay, seen, seenByAll, silentHost, timeline } from './replay.ts';
import type { Snapshot } from './replay.ts';
import type { ClusterAnswer } from '../../../../shared/model/cluster.ts';
import { emptyOperation } from './situations.ts';

/** Every node whose status was ever anything but Active, at a poll a second. */
function changed(name: string, options: Parameters<typeof replay>[1] = {}): Record<string, readonly string[]> {
  const all = Object.entries(seenByAll(replay(timeline(name), options)));
  return Object.fromEntries(all.filter(([, words]) => words.join() !== 'active'));
}

describe('captured timelines: what a person sees, one status after the other', () => {
  test('a node that loses power: Fenced, Unfencing, Active; the 0.3 s of UNCLEAN do not show', () => {
    expect(changed('kill-fence-return')).toEqual({ 'lab-c3': ['active', 'fenced', 'unfencing', 'active'] });
  });

  test('R2: a Worker that stays off after its fencing is Fenced, also while the cluster tries to open its connection and calls it online', () => {
    expect(changed('kill-fence-return-worker')).toEqual({ w1: ['active', 'failed', 'fenced', 'unfencing', 'active'] });
    const snapshots = timeline('kill-fence-return-worker');
    const opening = snapshots.findIndex(({ atMs }) => atMs === 37_340);
    // The last that is known of it is that the connection is Starting, for a minute.
    const off = replay(snapshots.slice(0, opening + 1), { tailS: 60, host: (_answer, _name, at) => silentHost(at) });
    expect(seen(off.get('w1') ?? []).at(-1)).toBe('fenced');
  });

  test('R11: that is no proof of being up, unless something ran there', () => {
    const xml = (edit: (text: string) => string, at = '0037.34') =>
      answered({
        crmMon: edit(capture(`timelines/kill-fence-return-worker/${at}.xml`)),
        cib: capture('healthy/lab-c1/cib.xml'),
      });
    const asIs = (text: string) => text;
    const runs = (text: string) => text.replace(/(<node name="w1".*?resources_running=")0(" type="remote")/u, '$11$2');
    expect(isProvenOff(xml(asIs), 'w1', 0)).toBe(true);
    expect(isProvenOff(xml(runs), 'w1', 0)).toBe(false);
    expect(isProvenOff(xml(asIs, '0038.07'), 'w1', 0)).toBe(false);
  });

  test('R2, R11: a connected Worker that is fenced is not back because the cluster calls it online for a second more', () => {
    const forced = timeline('force-connected-worker');
    const silent = (_answer: ClusterAnswer, _name: string, at: number) => silentHost(at);
    // From a snapshot on, with the time of day that it tells.
    const since = (from: number) =>
      forced.slice(from).map(({ atMs, xml }) => ({ atMs: atMs - forced[from]!.atMs, xml }));
    const watched = (from: number, periodMs: number) => seen(replay(since(from), { periodMs, host: silent }).get('w1'));
    expect(watched(0, 200)).toEqual(['active', 'entering-maintenance', 'fenced', 'in-maintenance']);
    // By one who asks just then, and by one who begins to look just then.
    expect(watched(1, 930)).toEqual(['entering-maintenance', 'fenced', 'in-maintenance']);
    expect(watched(3, 200)).toEqual(['fenced', 'in-maintenance']);
    expect(watched(3, 5000)).toEqual(['fenced', 'in-maintenance']);
    // By one who looks again just then, after most of a minute, and after more than ten.
    const again = (awayMs: number) => {
      const [before, ...after] = since(0);
      const looks = { periodMs: awayMs, tailS: (2 * awayMs) / 1000, host: silent };
      return seen(replay([{ ...before!, atMs: 52_700 - awayMs }, ...after], looks).get('w1'));
    };
    expect(again(50_000)).toEqual(['active', 'fenced', 'in-maintenance']);
    expect(again(1_000_000)).toEqual(['active', 'fenced', 'in-maintenance']);
  });

  test('one that was seen to be down since is back as soon as it is up, however soon that is', () => {
    const [, , , echo, down] = timeline('force-connected-worker');
    const up = timeline('force-connected-worker')[0]!.xml.replace(
      '</pacemaker-result>',
      `${/<fence_history[^]*<\/fence_history>/u.exec(down!.xml)?.[0] ?? ''}</pacemaker-result>`,
    );
    const quick = [
      { atMs: 0, xml: echo!.xml },
      { atMs: 1000, xml: down!.xml },
      { atMs: 2000, xml: up },
    ];
    const early = (_answer: ClusterAnswer, _name: string, at: number) => silentHost(at);
    expect(seen(replay(quick, { tailS: 5, host: early }).get('w1'))).toEqual(['fenced', 'in-maintenance', 'unfencing']);
  });

  test('R2: nor in the rest of the minute, in which Pacemaker has forgotten that the connection is only being opened', () => {
    const forgotten = capture('timelines/force-connected-worker/0083.35.xml');
    expect(forgotten).toMatch(/<resource id="w1" resource_agent="ocf:pacemaker:remote" role="Started"/u);
    const answer = answered({ crmMon: forgotten, cib: capture('healthy/lab-c1/cib.xml') });
    expect(answer.resources.find(({ id }) => id === 'w1')).toMatchObject({ role: 'Starting', nodes: ['c1'] });
    expect(isProvenOff(answer, 'w1', 0)).toBe(true);
  });

  test('R11: a node that came back from its fencing and was stopped is not off, also for a laptop that never saw it up', () => {
    // A Worker that was fenced, has carried out probes since, and whose connection was stopped; a Control that was fenced and stayed away.
    const answer = answerOf('dead-fenced-offline/lab-c1');
    expect(answer.fencing.map(({ target, status }) => [target, status])).toContainEqual(['lab-y1', 'success']);
    expect(isProvenOff(answer, 'lab-y1', 0)).toBe(false);
    expect(isProvenOff(answer, 'lab-c3', 0)).toBe(true);
    const first = replay([{ atMs: 0, xml: capture('dead-fenced-offline/lab-c1/crm_mon.xml') }], {
      edit: (seenNow) => ({ ...seenNow, members: answer.members }),
    });
    expect(seen(first.get('lab-c3')).at(-1)).toBe('fenced');
    expect(first.get('lab-y1')?.at(-1)?.view).toMatchObject({
      status: 'failed',
      reason: 'its connection resource is stopped',
    });
    // Nor is it Fenced once it is up again.
    const stopped = capture('dead-fenced-offline/lab-c1/crm_mon.xml');
    const started = stopped
      .replace(/(<node name="lab-y1" id="lab-y1" online=")false/u, '$1true')
      .replace(/(<resource id="lab-y1" resource_agent="ocf:pacemaker:remote" role=")Stopped/u, '$1Started');
    const again = replay(
      [
        { atMs: 0, xml: stopped },
        { atMs: 5000, xml: started },
      ],
      {
        edit: (seenNow) => {
          const isUp = seenNow.nodes.some(({ name, isOnline }) => name === 'lab-y1' && isOnline);
          const actedAt = isUp
            ? null
            : seenNow.fencing.find(({ target }) => target === 'lab-y1')!.completedAt! + 16_000;
          return { ...seenNow, members: answer.members.map((one) => ({ ...one, actedAt })) };
        },
      },
    );
    expect(seen(again.get('lab-y1'))).not.toContain('fenced');
    expect(seen(again.get('lab-y1'))).not.toContain('unfencing');
  });

  test('a node that freezes: the same; a poll of 0.2 s sees it Failed first, because its fencing took 1.6 s', () => {
    expect(changed('freeze-fence-return')).toEqual({ 'lab-c3': ['active', 'fenced', 'unfencing', 'active'] });
    expect(changed('freeze-fence-return', { periodMs: 200 })).toEqual({
      'lab-c3': ['active', 'failed', 'fenced', 'unfencing', 'active'],
    });
  });

  test('a node whose fencing fails: Failed with the count of the attempts, then Fenced once one succeeds', () => {
    expect(changed('unclean-fence-fails')).toEqual({ 'lab-c3': ['active', 'failed', 'fenced', 'unfencing', 'active'] });
    const steps = replay(timeline('unclean-fence-fails')).get('lab-c3') ?? [];
    const reasons = steps.filter(({ view }) => view.status === 'failed').map(({ view }) => view.reason);
    expect(reasons.filter((reason, index) => reason !== reasons[index - 1])).toEqual([
      'unclean: the cluster has lost it and waits for its fencing',
      'fencing in progress',
      'fencing failed once, last by lab-c1; tried again now',
      'fencing failed 2 times, last by lab-c1; tried again now',
      'fencing failed 3 times, last by lab-c1; tried again now',
    ]);
  });

  test('standby with VMs: Entering maintenance while they migrate, then In maintenance', () => {
    expect(changed('standby-3vm')).toEqual({ 'lab-c2': ['active', 'entering-maintenance', 'in-maintenance'] });
    expect(changed('quiet-standby-3vm')).toEqual({ 'lab-c2': ['active', 'entering-maintenance', 'in-maintenance'] });
  });

  test('end of standby: In maintenance, then Active, while VMs are for a moment Started on two nodes', () => {
    expect(changed('unstandby', { phaseMs: 0, periodMs: 500 })).toEqual({
      'lab-c2': ['in-maintenance?', 'in-maintenance', 'active'],
    });
  });

  test('cluster services that are stopped: Failed, and Active again; `standby pending` on the way shows neither way', () => {
    expect(changed('service-stop')).toEqual({ 'lab-x2': ['active', 'failed', 'active'] });
    const steps = replay(timeline('service-stop')).get('lab-x2') ?? [];
    expect(steps.find(({ view }) => view.status === 'failed')?.view.reason).toBe('cluster services stopped');
    expect(steps.flatMap(({ view }) => view.warnings)).toContain("unmanaged: Pacemaker's maintenance mode is on");
  });

  test('a two-node cluster with one cut off: its peer fences it, and the peer’s word is the only one', () => {
    expect(changed('cutnet-two-node')).toEqual({ 'lab-c2': ['active', 'failed', 'fenced', 'unfencing', 'active'] });
  });

  test('a partition without quorum is never believed about others: all keep their last status, marked', () => {
    const all = replay(timeline('no-quorum'));
    expect(seenByAll(all)).toEqual({
      'lab-c1': ['active', 'active?'],
      'lab-c2': ['active', 'active?'],
      'lab-w1': ['active', 'active?'],
      'lab-x2': ['active', 'active?'],
    });
    expect(all.get('lab-c2')?.at(-1)).toMatchObject({ view: { reason: 'no quorum', status: 'active' } });
    const cutOff: Snapshot[] = [
      { atMs: 0, xml: timeline('cutnet-two-node')[0]?.xml ?? '' },
      { atMs: 3000, xml: capture('cutnet/lab-c2/crm_mon.xml') },
    ];
    for (const words of Object.values(seenByAll(replay(cutOff)))) expect(words).toEqual(['active', 'active?']);
  });

  test('a Control that joins: Activating from its first moment online, then Active', () => {
    expect(changed('join-control')).toEqual({ 'lab-x1': ['activating', 'active'] });
    expect(changed('one-to-two')).toEqual({ 'lab-c2': ['activating', 'active'] });
  });

  test('a Worker that joins: Starting although it is unclean, Activating, Active; pcs’s 0.24 s of "unclean" later does not show', () => {
    expect(changed('join-worker', { periodMs: 200 })).toEqual({ 'lab-y1': ['starting', 'activating', 'active'] });
  });

  test('the bootstrap of a cluster: Starting while no coordinator is elected, though the only node is UNCLEAN', () => {
    const snapshots = capturesIn('bootstrap', /^m\.\d+\.xml$/u).map((file, index) => ({
      atMs: index * 500,
      xml: capture(`bootstrap/${file}`),
    }));
    expect(seenByAll(replay(snapshots, { periodMs: 500 }))).toEqual({ 'lab-x1': ['starting', 'activating', 'active'] });
  });

  test('forced maintenance: alive it is emptied; dead it is fenced while in standby, and comes back into maintenance', () => {
    expect(changed('force-maintenance-alive')).toEqual({
      'lab-c2': ['active', 'entering-maintenance', 'in-maintenance', 'active'],
    });
    expect(changed('force-maintenance-fence')).toEqual({
      'lab-c2': ['active', 'failed', 'in-maintenance', 'unfencing', 'in-maintenance'],
    });
  });

  test('a VM that dies is nothing about its node; a clone that cannot start there any more is', () => {
    const steps = replay(timeline('failed-resource')).get('lab-c2') ?? [];
    expect(seen(steps)).toEqual(['active', 'failed', 'active']);
    expect(steps.find(({ view }) => view.status === 'failed')).toMatchObject({
      line: 16,
      view: { reason: 'service demo does not start there' },
    });
  });

  test('removing a node: its services are stopped by us where a removal is recorded, by somebody where not', () => {
    const words = ['active', 'entering-maintenance', 'in-maintenance'];
    expect(changed('remove-control')).toEqual({ 'lab-x1': [...words, 'failed', 'out'] });
    const operation = {
      id: 'op1',
      node: 'lab-x1',
      command: 'remove',
      step: 'removing',
      owner: 'anna',
      startedAt: 1,
      ...emptyOperation,
    } as const;
    const recorded = changed('remove-control', {
      edit: (answer) => ({ ...answer, records: { ...answer.records, operations: [operation] } }),
    });
    expect(recorded).toEqual({ 'lab-x1': [...words, 'out'] });
    expect(changed('remove-worker-right')).toEqual({
      'lab-y1': ['in-maintenance?', 'in-maintenance', 'failed', 'out'],
    });
    // Removed the wrong way round it was fenced in the middle, while in standby.
    expect(changed('remove-worker')).toEqual({ 'lab-y1': [...words, 'failed', 'in-maintenance'] });
  });

  test('no poll, however slow or unlucky, shows a status that comes back within ten seconds of a change', () => {
    // Statuses that stand between two equal ones: each is a state the node was really in, by the table.
    const real = new Set(['failed', 'fenced', 'unfencing', 'entering-maintenance', 'in-maintenance']);
    for (const name of [
      'kill-fence-return',
      'freeze-fence-return',
      'standby-3vm',
      'unstandby',
      'service-stop',
      'join-control',
      'join-worker',
      'cutnet-two-node',
    ]) {
      for (const periodMs of [300, 1000, 2300, 5000]) {
        for (const phaseMs of [0, 350]) {
          for (const [node, words] of Object.entries(seenByAll(replay(timeline(name), { periodMs, phaseMs })))) {
            const middle = words.slice(1, -1);
            const twice = words.filter((word, index) => words.indexOf(word) !== index && word !== 'active');
            expect({ name, node, periodMs, phaseMs, twice }).toEqual({ name, node, periodMs, phaseMs, twice: [] });
            if (words[0] === 'active' && words.at(-1) === 'active') {
              expect({ name, node, words, odd: middle.filter((word) => !real.has(word)) }).toMatchObject({ odd: [] });
            }
          }
        }
      }
    }
  });
});
