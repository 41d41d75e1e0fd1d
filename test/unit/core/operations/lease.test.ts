import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { problemOf } from '#shared/problems.ts';
import { leaseValue, parseLeaseValue, type LeaseOutcome } from '../../../../electron/core/cluster/writes/leases.ts';
import type { ShownCommand } from '../../../../electron/core/cluster/writes/shown-command.ts';
import { acquireLease, nodeLeaseName, nodeTermMs, type Lease } from '../../../../electron/core/operations/lease.ts';
import { createLeaseWatch, type LeaseWatch } from '../../../../electron/core/operations/lease-watch.ts';
import { runSections } from '../../../../electron/core/ssh/sections.ts';
import { clusterDouble, type ClusterDouble, type Fate } from './cluster-double.ts';
import { settled, testTime, type TestTime } from './laptop.ts';

const name = nodeLeaseName('c2');
const never = new AbortController().signal;

/** A laptop that wants the lease: its watch is fed by `look`, as the region's refreshes feed it. */
function challenger(cluster: ClusterDouble, time: TestTime, who: string, ownTokens: ReadonlySet<string> = new Set()) {
  const region = cluster.access(who, time.clock.now);
  const watch: LeaseWatch = createLeaseWatch(time.clock.monotonic);
  region.onAnswer((answer) => watch.onAnswer(answer));
  const lost: string[] = [];
  const send = async (shown: ShownCommand<LeaseOutcome>): Promise<LeaseOutcome> =>
    shown.parse(await runSections({ run: region.onControl }, shown.command, { deadlineMs: 1000 }));
  return {
    lost,
    look: () => region.readFresh(),
    acquire: (): Promise<Lease> =>
      acquireLease({
        name,
        info: { owner: `anna on ${who}`, purpose: 'maintenance of c2', termMs: nodeTermMs },
        clock: time.clock,
        watch,
        ownTokens,
        send,
        sendQuietly: send,
        onLost: ({ code }) => void lost.push(code),
      }),
  };
}

/** Time passes, and these laptops read the cluster every 5 s meanwhile. */
async function watched(time: TestTime, ms: number, ...laptops: readonly Pick<ReturnType<typeof challenger>, 'look'>[]) {
  for (let left = ms; left > 0; left -= 5000) {
    await time.pass(Math.min(5000, left));
    await Promise.all(laptops.map((one) => one.look()));
  }
}

const holderIn = (cluster: ClusterDouble) => parseLeaseValue(cluster.marks.get(name) ?? '');

const nextOf = (fates: Iterator<Fate, unknown>): Fate => {
  const next = fates.next();
  return next.done === true ? 'arrives' : next.value;
};

describe('the watch of leases', () => {
  test('R20: every change begins the term anew, and a lease that went and came back is a new one', () => {
    let now = 0;
    const watch = createLeaseWatch(() => now);
    const show = (...values: readonly string[]) =>
      watch.onAnswer({ records: { marks: values.map((value) => ({ name, value })) } } as unknown as ClusterAnswer);
    const showFor = (ms: number, shown: string) => {
      for (const end = now + ms; now < end; show(shown)) now = Math.min(end, now + 5000);
    };
    const value = (counter: number) =>
      leaseValue('0123456789abcdef', counter, { owner: 'anna', purpose: 'maintenance', since: 0, termMs: nodeTermMs });
    show(value(0));
    showFor(nodeTermMs - 1, value(0));
    expect(watch.hasRunOut(name)).toBe(false);
    show(value(1));
    showFor(nodeTermMs - 1, value(1));
    expect(watch.hasRunOut(name)).toBe(false);
    now += 1;
    expect(watch.hasRunOut(name)).toBe(true);
    show();
    expect([watch.seen(name), watch.hasRunOut(name)]).toEqual([undefined, false]);
    show(value(1));
    expect(watch.seen(name)?.unchangedMs).toBe(0);
  });

  test('R20: a value that tells no term, or a term of nothing, is not taken over at once', () => {
    let now = 0;
    const watch = createLeaseWatch(() => now);
    const show = (value: string) =>
      watch.onAnswer({ records: { marks: [{ name, value }] } } as unknown as ClusterAnswer);
    for (now = 0; now < nodeTermMs; now += 5000) {
      show('0123456789abcdef.0.AAAA');
      expect(watch.hasRunOut(name)).toBe(false);
    }
    now = nodeTermMs;
    expect(watch.hasRunOut(name)).toBe(true);
    show(leaseValue('0123456789abcdef', 1, { owner: 'anna', purpose: 'none', since: 0, termMs: 0 }));
    expect(watch.hasRunOut(name)).toBe(false);
  });
});

test('R20: time in which no quorate partition answered is nobody’s term: who holds a lease could not renew it then', () => {
  let now = 0;
  const watch = createLeaseWatch(() => now);
  const show = (at: number) => {
    now = at;
    watch.onAnswer({ records: { marks: [{ name, value: '0123456789abcdef.0.AAAA' }] } } as unknown as ClusterAnswer);
  };
  show(0);
  show(5000);
  show(5000 + 10 * nodeTermMs);
  expect(watch.hasRunOut(name)).toBe(false);
  const again = now;
  for (let passed = 5000; passed < nodeTermMs - 20_000; passed += 5000) show(again + passed);
  expect(watch.hasRunOut(name)).toBe(false);
  for (let passed = nodeTermMs - 20_000; passed <= nodeTermMs; passed += 5000) show(again + passed);
  expect(watch.hasRunOut(name)).toBe(true);
});

describe('a node’s lease', () => {
  test('R20: of any number of laptops that ask in the same second, whatever arrives when and whichever answers are lost, at most one has it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.integer({ min: 2, max: 4 }),
        fc.infiniteStream(fc.constantFrom<Fate[]>('arrives', 'arrives', 'lost-before', 'lost-after')),
        async (scheduler, count, fates) => {
          const [cluster, time] = [clusterDouble(), testTime()];
          cluster.wire = (laptop) => scheduler.schedule(Promise.resolve(nextOf(fates)), laptop);
          const asked = Array.from({ length: count }, (_, index) =>
            challenger(cluster, time, `laptop${index}`).acquire(),
          );
          const all = Promise.allSettled(asked);
          await scheduler.waitFor(all);
          const ended = await all;
          const held = ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value.held.token] : []));
          expect(held.length).toBeLessThanOrEqual(1);
          if (held.length === 1) expect(holderIn(cluster)?.token).toBe(held[0]);
          for (const one of ended) {
            if (one.status === 'rejected')
              expect(['node-locked', 'connection-lost', 'outcome-unknown']).toContain(problemOf(one.reason)?.code);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test('R20: whoever comes second is told who has it, since when, what for, and when it can be taken over', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    await challenger(cluster, time, 'kestrel').acquire();
    const problem = problemOf(
      await challenger(cluster, time, 'merlin')
        .acquire()
        .catch((error: unknown) => error),
    );
    expect(problem?.code).toBe('node-locked');
    expect(problem?.message).toMatch(/^anna on kestrel holds the lock since \S+.*: maintenance of c2\.$/u);
    expect(problem?.advice).toMatch(/taken over in 60 s/u);
  });

  test('R20: a lease that is renewed is never taken over, however long it is watched', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const lease = await challenger(cluster, time, 'kestrel').acquire();
    const other = challenger(cluster, time, 'merlin');
    for (let passed = 0; passed < 300_000; passed += 5000) {
      await time.pass(5000);
      await other.look();
    }
    await expect(other.acquire()).rejects.toMatchObject({ problem: { code: 'node-locked' } });
    expect(holderIn(cluster)?.token).toBe(lease.held.token);
  });

  test('R20: a holder that is gone is replaced only by who saw the same value for the whole term on its own monotonic clock', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    await challenger(cluster, time, 'kestrel').acquire();
    cluster.wire = async (laptop) => (laptop === 'kestrel' ? 'lost-before' : 'arrives');
    const other = challenger(cluster, time, 'merlin');
    await other.look();
    await watched(time, nodeTermMs - 1000, other);
    // A person sets the clock, or the laptop slept: wall time decides nothing.
    time.sleep(3_600_000);
    await other.look();
    await expect(other.acquire()).rejects.toMatchObject({ problem: { code: 'node-locked' } });
    await time.pass(1000);
    await other.look();
    // Somebody who begins to look only now has not seen it unchanged.
    await expect(challenger(cluster, time, 'hobby').acquire()).rejects.toMatchObject({
      problem: { code: 'node-locked' },
    });
    const taken = await other.acquire();
    expect(holderIn(cluster)?.token).toBe(taken.held.token);
  });

  test('R20: two that may both take over a lease that ran out: exactly one does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const [cluster, time] = [clusterDouble(), testTime()];
        await challenger(cluster, time, 'gone').acquire();
        cluster.wire = async (laptop) => (laptop === 'gone' ? 'lost-before' : 'arrives');
        const two = ['kestrel', 'merlin'].map((who) => challenger(cluster, time, who));
        await Promise.all(two.map((one) => one.look()));
        await watched(time, nodeTermMs, ...two);
        cluster.wire = (laptop) => scheduler.schedule(Promise.resolve('arrives' as const), laptop);
        const all = Promise.allSettled(two.map((one) => one.acquire()));
        await scheduler.waitFor(all);
        expect((await all).filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      }),
      { numRuns: 40 },
    );
  });

  test('R20: the holder stops at half of the term without a renewal, and goes on when a renewal proves that it is still its own', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const lease = await challenger(cluster, time, 'kestrel').acquire();
    let proofs = 0;
    const prove = () => void lease.proven(never).then(() => (proofs += 1));
    cluster.wire = async () => 'lost-before';
    await time.pass(nodeTermMs / 2 - 2000);
    prove();
    await settled();
    expect(proofs).toBe(1);
    await time.pass(2000);
    prove();
    await time.pass(10_000);
    expect(proofs).toBe(1);
    cluster.wire = async () => 'arrives';
    await time.pass(3000);
    expect(proofs).toBe(2);
  });

  test('R20: after a sleep nothing is believed: wall time ahead of the monotonic clock asks for a renewal first', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const lease = await challenger(cluster, time, 'kestrel').acquire();
    const before = cluster.marks.get(name);
    await lease.proven(never);
    expect(cluster.marks.get(name)).toBe(before);
    time.sleep(nodeTermMs);
    await lease.proven(never);
    expect(holderIn(cluster)).toMatchObject({ token: lease.held.token, counter: 1 });
  });

  test('R20: a holder that comes back and finds another’s value has lost it for good, and says whose it is', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const holder = challenger(cluster, time, 'kestrel');
    const lease = await holder.acquire();
    cluster.wire = async (laptop) => (laptop === 'kestrel' ? 'lost-before' : 'arrives');
    const other = challenger(cluster, time, 'merlin');
    await other.look();
    await watched(time, nodeTermMs, other);
    const taken = await other.acquire();
    cluster.wire = async () => 'arrives';
    await expect(lease.proven(never)).rejects.toMatchObject({
      problem: { code: 'lease-lost', message: expect.stringContaining('anna on merlin') as string },
    });
    await lease.release();
    expect(holderIn(cluster)?.token).toBe(taken.held.token);
    expect(holder.lost).toEqual(['lease-lost']);
  });

  test('R20: a renewal whose answer was lost is read, not guessed: the lease is kept, and the next renewal counts on', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const lease = await challenger(cluster, time, 'kestrel').acquire();
    const fates = ['lost-after', 'arrives'] as const;
    let sent = 0;
    cluster.wire = async () => fates[sent++] ?? 'arrives';
    await time.pass(60_000);
    await lease.proven(never);
    expect(holderIn(cluster)?.token).toBe(lease.held.token);
    expect(holderIn(cluster)?.counter).toBeGreaterThanOrEqual(5);
  });

  test('R20: the laptop’s own lease of a process that is gone is taken over at once; without quorum nothing is', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const lease = await challenger(cluster, time, 'kestrel').acquire();
    cluster.wire = async () => 'arrives';
    const again = await challenger(cluster, time, 'kestrel', new Set([lease.held.token])).acquire();
    expect(holderIn(cluster)?.token).toBe(again.held.token);
    await again.release();
    expect(cluster.marks.has(name)).toBe(false);
    cluster.isQuorate = false;
    await expect(challenger(cluster, time, 'kestrel').acquire()).rejects.toMatchObject({
      problem: { code: 'no-quorum' },
    });
    expect(cluster.marks.has(name)).toBe(false);
  });
});
