import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { nodeId } from '#shared/model/ids.ts';
import { ProblemError } from '#shared/problems.ts';
import { createPreparations, isCurrent } from '../../../../renderer/state/preparations.ts';

interface Asked {
  readonly node: string;
  readonly choices: string;
  readonly signal: AbortSignal;
  readonly answer: (answer: string) => void;
  readonly fail: (error: unknown) => void;
}

const ids = ['member:a', 'member:b', 'member:c'].map(nodeId);
const [a, b, c] = [nodeId('member:a'), nodeId('member:b'), nodeId('member:c')];
const unread = new ProblemError({ code: 'no-quorum', message: 'No quorum.', advice: 'Wait.' });

/** The questions that were asked, each waiting for its answer. */
function scripted(nodes = ids) {
  const asked: Asked[] = [];
  const preparations = createPreparations<string, string>(
    nodes,
    () => 'first',
    (node, choices, signal) =>
      new Promise((resolve, reject) => {
        asked.push({ node, choices, signal, answer: resolve, fail: reject });
      }),
    (answer) => answer === 'not at rest',
  );
  return { asked, preparations, of: (node: typeof a) => preparations.use.getState()[node]! };
}

const settle = (): Promise<void> => vi.advanceTimersByTimeAsync(1000).then(() => undefined);

describe('what an action would meet, read while its dialog is open', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('no more than two nodes are read at once, the next as soon as one has answered', async () => {
    const { asked, preparations, of } = scripted();
    preparations.start();
    expect(asked.map(({ node }) => node)).toEqual([a, b]);
    asked[0]!.answer('of a');
    await settle();
    expect(asked.map(({ node }) => node)).toEqual([a, b, c]);
    expect(of(a)).toEqual({ choices: 'first', answer: 'of a', before: null, readingSince: null, problem: null });
    expect([of(b), of(c)].map(isCurrent)).toEqual([false, false]);
  });

  test('what passes by itself is asked again by itself, until it has passed or the dialog is closed', async () => {
    const { asked, preparations, of } = scripted([a]);
    const stop = preparations.start();
    for (const round of [1, 2]) {
      asked.at(-1)!.answer('not at rest');
      await vi.advanceTimersByTimeAsync(5000);
      expect(asked).toHaveLength(round + 1);
    }
    asked.at(-1)!.answer('at rest');
    await vi.advanceTimersByTimeAsync(20_000);
    expect([asked.length, of(a).answer, of(a).before]).toEqual([3, 'at rest', 'not at rest']);
    preparations.again([a]);
    asked.at(-1)!.answer('not at rest');
    await vi.advanceTimersByTimeAsync(1000);
    stop();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(asked).toHaveLength(4);
  });

  test('what is chosen makes the answer old at once, and is asked once for several changes', async () => {
    const { asked, preparations, of } = scripted([a]);
    preparations.start();
    asked[0]!.answer('one');
    await settle();
    expect(isCurrent(of(a))).toBe(true);
    preparations.choose(a, 'second');
    expect(isCurrent(of(a))).toBe(false);
    preparations.choose(a, 'third');
    await settle();
    expect(asked.map(({ choices }) => choices)).toEqual(['first', 'third']);
    expect(of(a).answer).toBe('one');
    asked[1]!.answer('three');
    await settle();
    expect(of(a)).toMatchObject({ answer: 'three', before: null });
  });

  test('an answer to what was chosen before is never taken for the one to what is chosen now', async () => {
    const { asked, preparations, of } = scripted([a]);
    preparations.start();
    preparations.choose(a, 'second');
    expect(asked[0]!.signal.aborted).toBe(true);
    asked[0]!.answer('one');
    await settle();
    expect(of(a).answer).toBe(null);
    asked[1]!.answer('two');
    await settle();
    expect(of(a).answer).toBe('two');
  });

  test('asked the same again, the last answer is kept beside the new one, so that what differs can be marked', async () => {
    const { asked, preparations, of } = scripted([a]);
    preparations.start();
    asked[0]!.answer('one');
    await settle();
    preparations.again([a]);
    asked[1]!.answer('two');
    await settle();
    expect(of(a)).toMatchObject({ answer: 'two', before: 'one' });
  });

  test('where it cannot be read the last answer stays, with the problem, and is not current', async () => {
    const { asked, preparations, of } = scripted([a]);
    preparations.start();
    asked[0]!.answer('one');
    await settle();
    preparations.again([a]);
    asked[1]!.fail(unread);
    await settle();
    expect(of(a)).toMatchObject({ answer: 'one', problem: unread.problem, readingSince: null });
    expect(isCurrent(of(a))).toBe(false);
  });

  test('a dialog that closes withdraws what it asked, and asks nothing more', async () => {
    const { asked, preparations } = scripted();
    const stop = preparations.start();
    preparations.choose(a, 'second');
    stop();
    await settle();
    expect(asked).toHaveLength(3);
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, true, true]);
  });
});
