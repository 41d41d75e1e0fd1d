import { describe, expect, onTestFinished, test } from 'vitest';
import { watchCluster } from '../../../../electron/core/region/cluster-watch.ts';
import type { CommandResult, RemoteCommand, SshTarget } from '../../../../electron/core/ssh/transport.ts';
import { problemOf, type Problem } from '../../../../shared/problems.ts';
import { simulatedClock } from '../../../helpers/simulated-clock.ts';
import { capture, framed } from '../cluster/capture.ts';
import { pass, problem, replayed, scriptedPool, settle, target, type Machine } from './scripted-pool.ts';

const hour = 3_600_000;

/** What a control node of a captured state answers to the read. */
function answering(state: string): (command: RemoteCommand) => CommandResult {
  const output = framed({
    crmMon: capture(`${state}/crm_mon.xml`),
    cib: capture(`${state}/cib.xml`),
    corosync: capture(`${state}/corosync.conf`),
    quorum: capture(`${state}/quorumtool.txt`),
    uname: state.split('/')[1] ?? '',
  });
  return (command) => replayed(output, command);
}

const healthy = answering('healthy/lab-c1');
const withoutQuorum = answering('no-quorum/lab-c1');
const control = (answer: (command: RemoteCommand) => CommandResult | Problem | Promise<CommandResult> = healthy) =>
  ({ answer: (_question, command) => answer(command) }) satisfies Machine;

type Found = Machine | Problem | Promise<Machine>;

function watching(find: (to: SshTarget) => Found, seeds: readonly string[] = ['c1', 'c2']) {
  const clock = simulatedClock();
  const pool = scriptedPool(find);
  const told: string[] = [];
  const nextTries: (number | null)[] = [];
  const askedAt: number[] = [];
  const watch = watchCluster({
    pool,
    clock,
    targets: () => seeds.map((seed) => target(seed)),
    intervalMs: () => 5000,
    holdMs: 0,
    sink: {
      known: () => undefined,
      onConnecting: ({ host }) => told.push(`connecting ${host}`),
      onAdopted: (adopted) => {
        told.push(`adopted ${adopted.target.host}`);
        return Promise.resolve();
      },
      onReleased: () => {},
      onAnswer: (answer, at) => {
        askedAt.push(at);
        told.push(`answer ${answer.via}, ${answer.nodes.length} nodes`);
      },
      onDoubted: (answer) =>
        told.push(`doubted ${answer.quorum.votes ?? '?'} of ${answer.quorum.expectedVotes ?? '?'}`),
      onFailure: (one, nextTryAt) => {
        nextTries.push(nextTryAt);
        told.push(`failure ${one.code}`);
      },
    },
  });
  onTestFinished(() => watch.close());
  return { clock, pool, told, nextTries, askedAt, watch };
}

const refused = problem('connection-refused');

describe('which control node is asked', () => {
  test('the first that answers is adopted, and is then asked at the pace of the cluster', async () => {
    const { clock, pool, told } = watching(() => control());
    await pass(clock, 20_000);
    expect(pool.tries).toEqual(['c1']);
    expect(told).toEqual(['connecting c1', 'adopted c1', ...Array.from({ length: 5 }, () => 'answer lab-c1, 4 nodes')]);
  });

  test('R29: an answer that was long under way is told with the time of its question', async () => {
    const slow = (): Machine => ({
      answer: async (question, command) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        clock.after(question === 'cluster' ? 4000 : 0, resolve);
        await promise;
        return control().answer(question, command);
      },
    });
    const { clock, askedAt } = watching(slow);
    const begun = clock.now();
    await pass(clock, 14_000);
    expect(askedAt.map((at) => at - begun)).toEqual([0, 9000]);
  });

  test('the next is tried when one is gone', async () => {
    const { told } = watching(({ host }) => (host === 'c1' ? refused : control()));
    await settle();
    expect(told).toEqual(['connecting c1', 'connecting c2', 'adopted c2', 'answer lab-c1, 4 nodes']);
  });

  test('the next is tried when one has no quorum; its answer is told as doubted, and it is never adopted', async () => {
    const { told } = watching(({ host }) => control(host === 'c1' ? withoutQuorum : healthy));
    await settle();
    expect(told).toEqual(['connecting c1', 'doubted 1 of 3', 'connecting c2', 'adopted c2', 'answer lab-c1, 4 nodes']);
  });

  test('one that goes after it has served is followed by all the others before a pause is made', async () => {
    let isC1Up = false;
    let isC2Up = true;
    const { clock, told } = watching(({ host }) => {
      const isUp = () => (host === 'c1' ? isC1Up : isC2Up);
      return isUp() ? control((command) => (isUp() ? healthy(command) : problem('connection-lost'))) : refused;
    });
    await pass(clock, 60_000);
    isC1Up = true;
    isC2Up = false;
    told.length = 0;
    await pass(clock, 5000);
    expect(told.slice(0, 3)).toEqual(['connecting c1', 'adopted c1', 'answer lab-c1, 4 nodes']);
  });

  test('R3, R20: who asks between two control nodes waits for the next one, within 15 s', async () => {
    let isC1Up = true;
    let connect = (): void => {};
    const { clock, told, watch } = watching(({ host }) => {
      if (host === 'c1') return control((command) => (isC1Up ? healthy(command) : problem('connection-lost')));
      return new Promise<Machine>((resolve) => {
        connect = () => resolve(control());
      });
    });
    await pass(clock, 11_000);
    isC1Up = false;
    await pass(clock, 5000);
    expect(told.at(-1)).toBe('connecting c2');
    const asked: string[] = [];
    const ask = () =>
      watch.readNow().then(
        ({ via }) => asked.push(via),
        (error: unknown) => asked.push(problemOf(error)?.code ?? 'mistake'),
      );
    void ask();
    await pass(clock, 14_000);
    expect(asked).toEqual([]);
    await pass(clock, 1500);
    expect(asked).toEqual(['no-control-node-answers']);
    void ask();
    await pass(clock, 1000);
    connect();
    await settle();
    expect(asked).toEqual(['no-control-node-answers', 'lab-c1']);
  });

  test('two that answer once and go are not asked in turns without a pause', async () => {
    const { clock, pool, nextTries } = watching(() => {
      let reads = 0;
      return control((command) => ((reads += 1) > 1 ? problem('connection-lost') : healthy(command)));
    });
    await pass(clock, 60_000);
    // Each serves one interval of 5 s, and a pause follows the second.
    expect(pool.tries.length).toBeLessThan(14);
    expect(nextTries.length).toBeGreaterThan(3);
  });

  test('no quorum anywhere is told as that, not as what else failed, and is tried again', async () => {
    const { clock, told, nextTries } = watching(({ host }) => (host === 'c1' ? refused : control(withoutQuorum)));
    await settle();
    expect(told.at(-1)).toBe('failure no-quorum');
    expect(nextTries[0]).toBeGreaterThan(clock.now());
    await pass(clock, 1000);
    expect(told.filter((one) => one === 'failure no-quorum')).toHaveLength(2);
  });

  test('garbage is a failure of that control node, with what it said', async () => {
    const { told } = watching(({ host }) =>
      control(
        host === 'c1'
          ? (command) => ({ ...healthy(command), stdout: healthy(command).stdout.replaceAll('<', '{') })
          : healthy,
      ),
    );
    await settle();
    expect(told).toEqual(['connecting c1', 'connecting c2', 'adopted c2', 'answer lab-c1, 4 nodes']);
  });
});

describe('a question', () => {
  test.each(['authentication-failed', 'host-key-unknown', 'secret-needed'] as const)(
    'R22: %s everywhere ends the tries until a person asks for one; a wake is no person',
    async (code) => {
      let isMended = false;
      const { clock, pool, told, nextTries, watch } = watching(() => (isMended ? control() : problem(code)));
      await pass(clock, hour, 60_000);
      watch.resume();
      await pass(clock, hour, 60_000);
      expect(pool.tries).toEqual(['c1', 'c2']);
      expect(nextTries).toEqual([null]);
      isMended = true;
      watch.retry();
      await settle();
      expect(told.at(-1)).toBe('answer lab-c1, 4 nodes');
    },
  );

  test('R22: a refused login is not repeated because another control node is down', async () => {
    const { clock, pool, told, watch } = watching(({ host }) =>
      host === 'c1' ? problem('authentication-failed') : refused,
    );
    await pass(clock, hour, 1000);
    expect(pool.tries.filter((host) => host === 'c1')).toHaveLength(1);
    expect(pool.tries.filter((host) => host === 'c2').length).toBeGreaterThan(50);
    expect(told.at(-1)).toBe('failure authentication-failed');
    watch.retry();
    await settle();
    expect(pool.tries.filter((host) => host === 'c1')).toHaveLength(2);
  });

  test('answered while another control node is being tried, the asked one is tried next, without a pause', async () => {
    let isMended = false;
    let giveUp = (): void => {};
    const { clock, pool, told, watch } = watching(({ host }) => {
      if (host === 'c1') return isMended ? control() : problem('host-key-unknown');
      return new Promise<Machine>((_resolve, reject) => {
        giveUp = () => reject(new Error('never'));
      }).catch(() => ({ ...control(() => problem('connection-lost')) }));
    });
    await settle();
    expect(pool.tries).toEqual(['c1', 'c2']);
    isMended = true;
    watch.retry();
    giveUp();
    await settle();
    expect(told.at(-1)).toBe('answer lab-c1, 4 nodes');
    expect(clock.now()).toBe(1_000_000);
  });
});

describe('the log', () => {
  const telling = 'pacemaker-based [1] (cib_perform_op) info: Diff: --- 0.1.2 2';

  test('hastens the next poll, once for a burst of lines', async () => {
    const { clock, pool, told } = watching(() => control());
    await pass(clock, 1000);
    const before = told.length;
    for (let line = 0; line < 500; line += 1) pool.logLine(telling);
    await pass(clock, 400, 100);
    expect(told.length).toBe(before + 1);
    await pass(clock, 4000, 100);
    expect(told.length).toBe(before + 1);
  });

  test('that never falls silent makes five reads a second at most', async () => {
    const { clock, pool } = watching(() => control());
    await pass(clock, 1000);
    const before = pool.asked.length;
    for (let ms = 0; ms < 4000; ms += 10) {
      pool.logLine(telling);
      await pass(clock, 10, 10);
    }
    expect(pool.asked.length - before).toBeLessThanOrEqual(20);
  });

  test('is quiet about what changes nothing', async () => {
    const { clock, pool, told } = watching(() => control());
    await pass(clock, 1000);
    const before = told.length;
    pool.logLine('pacemaker-controld [1] (throttle_check_thresholds) info: Throttle mode is low');
    await pass(clock, 2000);
    expect(told.length).toBe(before);
  });
});

describe('close', () => {
  test.each([
    ['between two polls', () => control()],
    ['while a control node is being read', () => control(() => new Promise<CommandResult>(() => {}))],
    ['while one is being connected to', () => new Promise<Machine>(() => {})],
    ['while the next try is waited for', () => refused],
    ['while a person is waited for', () => problem('secret-needed')],
  ] as const)('%s ends everything: no timer, no channel, no connection, no word more', async (_when, find) => {
    const { clock, pool, told, watch } = watching(find, ['c1']);
    await pass(clock, 400, 100);
    pool.logLine('pacemaker-based (cib_perform_op) info: Diff');
    watch.close();
    await settle();
    const words = told.length;
    expect(clock.pending()).toBe(0);
    expect(pool.open()).toEqual({ connections: 0, shells: 0, follows: 0 });
    await pass(clock, hour, 60_000);
    watch.retry();
    await settle();
    expect(told.length).toBe(words);
  });
});
