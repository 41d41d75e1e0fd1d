import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { fenceStep } from '../../../../../electron/core/operations/steps/force.ts';
import type { OperationContext } from '../../../../../electron/core/operations/step.ts';
import type { RemoteCommand } from '../../../../../electron/core/ssh/transport.ts';
import { noOperationChoices, type ClusterAnswer, type FenceEvent } from '../../../../../shared/model/cluster.ts';
import { known, unknown } from '../../../../../shared/model/reading.ts';
import { problemOf } from '../../../../../shared/problems.ts';
import { domainOf, healthyAnswer } from '../../lifecycle/preflight/facts-of.ts';

const node = 'lab-c2';
const minute = 60_000;

/** A cluster and a silent node, as far as fencing is concerned; each command that was sent is noted. */
function world(options: {
  readonly isStatedOff?: boolean;
  /** For how long it has been under way by this laptop's clock; default: a minute. */
  readonly beganMs?: number;
  /** What becomes true by a command. */
  readonly by?: (command: string, world: World) => void;
}) {
  const startedAt = Date.now() - (options.beganMs ?? minute);
  let passed = 0;
  const state: World = {
    isOnline: false,
    isUnclean: true,
    fencing: [],
    answers: () => false,
    isReached: false,
    looks: 0,
    fencedAt: 0,
    upAfter: 0,
  };
  const sent: string[] = [];
  const answer = (): ClusterAnswer => {
    const healthy = healthyAnswer();
    return {
      ...healthy,
      fencing: state.fencing,
      nodes: healthy.nodes.map((each) =>
        each.name === node ? { ...each, isOnline: state.isOnline, isUnclean: state.isUnclean } : each,
      ),
    };
  };
  const problem = { code: 'connection-timed-out', message: 'no answer', advice: 'look' } as const;
  // What the step does not use is not there: using it fails the test.
  const context = {
    node,
    nodeId: `member:${node}`,
    record: () => ({
      startedAt,
      fencedAt: state.fencedAt,
      choices: { ...noOperationChoices, isStatedOff: options.isStatedOff ?? false },
    }),
    say: () => {},
    signal: new AbortController().signal,
    cancelled: new AbortController().signal,
    clock: {
      now: () => Date.now(),
      monotonic: () => passed,
      after(ms: number, then: () => void) {
        passed += ms;
        setImmediate(then);
        return () => {};
      },
    },
    send: {
      async toControl(_: string, { shown }: { readonly shown: string }) {
        sent.push(shown);
        options.by?.(shown, state);
      },
    },
    region: {
      readFresh: async () => answer(),
      node: () => ({ memory: { fencingOverAt: state.upAfter, fenced: null } }),
      async readNode() {
        state.looks += 1;
        return {
          observation: {
            reachability: state.isReached ? { kind: 'reachable', at: Date.now() } : { kind: 'unreachable', problem },
            slow: {
              domains: state.answers() ? known([domainOf('vm1', 32)], Date.now(), minute) : unknown('no answer'),
            },
          },
        };
      },
      async onNode(_: string, { script, args = [] }: RemoteCommand) {
        const { stdout, stderr } = await promisify(execFile)('sh', ['-c', script, 'sh', ...args]);
        return { stdout, stderr, exitStatus: 0, signal: null };
      },
    },
  } as unknown as OperationContext;
  return { context, state, sent };
}

interface World {
  isOnline: boolean;
  isUnclean: boolean;
  fencing: FenceEvent[];
  answers: () => boolean;
  isReached: boolean;
  looks: number;
  /** The newest fencing when the operation began. */
  fencedAt: number;
  /** The fencing after which this laptop saw the node up again. */
  upAfter: number;
}

const fenced = (completedAt: number, change: Partial<FenceEvent> = {}): FenceEvent => ({
  action: 'off',
  target: node,
  status: 'success',
  delegate: 'lab-c1',
  client: 'stonith_admin',
  completedAt,
  exitReason: '',
  ...change,
});

async function runStep(context: OperationContext): Promise<string> {
  try {
    if (!(await fenceStep.isDone(context))) await fenceStep.act(context);
    return await fenceStep.verify(context);
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    return problem.message;
  }
}

const proven = 'off, by the fence history';
const notProven = `${node} could not be fenced, so nothing is known of what runs there.`;

describe('R11, R13: a silent node', () => {
  test('R11: is off by the fence history of a fresh read, not by the answer of the command', async () => {
    const { context, sent } = world({
      by(_, state) {
        state.isUnclean = false;
        state.fencing = [fenced(Date.now())];
      },
    });
    expect(await runStep(context)).toBe(proven);
    expect(sent).toEqual(['stonith_admin --fence lab-c2 --timeout 120']);
  });

  test('R11: is not off because the command came back', async () => {
    const { context, sent } = world({});
    expect(await runStep(context)).toBe(notProven);
    expect(sent).toHaveLength(1);
  });

  test.each([
    ['failed', fenced(Date.now(), { status: 'failed' })],
    ['of another node', fenced(Date.now(), { target: 'lab-c3' })],
    ['an unfencing', fenced(Date.now(), { action: 'on' })],
    ['of an hour ago', fenced(Date.now() - 60 * minute)],
  ])('R11: is not off by a fencing that %s', async (_, event) => {
    const { context, state } = world({
      by(_command, now) {
        now.isUnclean = false;
        now.fencing = [event];
      },
    });
    state.fencedAt = Date.now() - 30 * minute;
    expect(await runStep(context)).toBe(notProven);
  });

  test('R11: is not off while the cluster calls it unclean, whatever its history says', async () => {
    const { context } = world({ by: (_, state) => void (state.fencing = [fenced(Date.now())]) });
    expect(await runStep(context)).toBe(notProven);
  });

  test('R11: that the cluster itself has fenced meanwhile is not fenced again, also where it is back', async () => {
    const { context, state, sent } = world({});
    Object.assign(state, { isUnclean: false, isOnline: true, fencing: [fenced(Date.now(), { action: 'reboot' })] });
    expect(await runStep(context)).toBe(proven);
    expect(sent).toEqual([]);
  });

  test('R11: that was fenced before it began and is online again is fenced anew', async () => {
    const { context, state, sent } = world({});
    const before = Date.now() - 5 * minute;
    Object.assign(state, { isUnclean: false, isOnline: true, fencing: [fenced(before)], fencedAt: before });
    expect(await runStep(context)).toBe(notProven);
    expect(sent).toHaveLength(1);
  });

  test.each([
    ['stayed off since a fencing of five minutes ago is off', 0, proven, []],
    [
      'this laptop saw up after that fencing is fenced anew: its stopped services prove nothing',
      1,
      notProven,
      ['fence'],
    ],
  ])('R11: that %s', async (_, cameBack, words, asked) => {
    const before = Date.now() - 5 * minute;
    const { context, state, sent } = world({});
    Object.assign(state, { isUnclean: false, fencing: [fenced(before)], fencedAt: before, upAfter: cameBack * before });
    expect(await runStep(context)).toBe(words);
    expect(sent.map((line) => /--(\w+)/u.exec(line)?.[1])).toEqual(asked);
  });

  test('R11: that is online again was not fenced since by the clock of a laptop that is an hour behind', async () => {
    const { context, state, sent } = world({ beganMs: 60 * minute });
    const before = Date.now() - 30 * minute;
    Object.assign(state, { isUnclean: false, isOnline: true, fencing: [fenced(before)], fencedAt: before });
    expect(await runStep(context)).toBe(notProven);
    expect(sent).toHaveLength(1);
  });

  test('R11: that was fenced an hour ago is fenced anew, also where the laptop that began it was an hour behind', async () => {
    const { context, state, sent } = world({ beganMs: 60 * minute });
    const before = Date.now() - 60 * minute;
    Object.assign(state, { isUnclean: false, fencing: [fenced(before)], fencedAt: before });
    expect(await runStep(context)).toBe(notProven);
    expect(sent).toHaveLength(1);
  });

  test('R13: is never confirmed off without the typed statement', async () => {
    const { context, sent } = world({ isStatedOff: false });
    await runStep(context);
    expect(sent.some((command) => command.includes('--confirm'))).toBe(false);
  });

  test('R13: is confirmed off by the typed statement only after a device was asked, and a second look that failed too', async () => {
    const { context, state, sent } = world({
      isStatedOff: true,
      by(command, now) {
        if (!command.includes('--confirm')) return;
        now.isUnclean = false;
        now.fencing = [fenced(Date.now(), { delegate: 'a human' })];
      },
    });
    expect(await runStep(context)).toBe('no device could fence it: off by what a person stated');
    expect(sent).toEqual(['stonith_admin --fence lab-c2 --timeout 120', 'stonith_admin --confirm lab-c2']);
    // The third is at the machine itself: libvirt alone that hangs is no machine that is off.
    expect(state.looks).toBe(3);
  });

  test('R13: whose libvirt alone hangs, or which the cluster sees, is never confirmed off', async () => {
    const reached = world({ isStatedOff: true });
    reached.state.isReached = true;
    expect(await runStep(reached.context)).toBe(`${node} is not off: it answers this laptop.`);
    const online = world({ isStatedOff: true });
    online.state.isOnline = true;
    expect(await runStep(online.context)).toBe(`${node} is not off: the cluster sees it online.`);
    for (const { sent } of [reached, online]) expect(sent.some((command) => command.includes('--confirm'))).toBe(false);
  });

  test('R13: that answers at the second look is not confirmed off', async () => {
    const { context, state, sent } = world({ isStatedOff: true });
    state.answers = () => state.looks > 1;
    expect(await runStep(context)).toBe(`${node} answers again.`);
    expect(sent).toEqual(['stonith_admin --fence lab-c2 --timeout 120']);
  });

  test('R13: that answers at the first look is not even fenced', async () => {
    const { context, state, sent } = world({ isStatedOff: true });
    state.answers = () => true;
    expect(await runStep(context)).toBe(`${node} answers again: libvirt runs vm1 there.`);
    expect(sent).toEqual([]);
  });

  test('R13: that a device has fenced needs no confirmation, whatever was typed', async () => {
    const { context, sent } = world({
      isStatedOff: true,
      by(_, state) {
        state.isUnclean = false;
        state.fencing = [fenced(Date.now())];
      },
    });
    expect(await runStep(context)).toBe(proven);
    expect(sent).toHaveLength(1);
  });
});
