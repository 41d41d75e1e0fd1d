import { describe, expect, test } from 'vitest';
import { fail, type ProblemCode } from '#shared/problems.ts';
import { isLost, untilAnswered } from '../../../../electron/core/operations/reach.ts';
import { settled, testTime } from './laptop.ts';

const refuse = (code: ProblemCode) => fail({ code, message: `It was ${code}.`, advice: 'Look.' });

function errorOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('an answer that does not come', () => {
  test.each([
    ['connection-lost', true],
    ['command-timed-out', true],
    ['no-control-node-answers', true],
    ['no-quorum', true],
    ['lease-lost', false],
    ['write-refused', false],
    ['changed-meanwhile', false],
    ['host-key-changed', false],
    ['node-identity-changed', false],
  ] as const)('R2: %s leaves what was asked unknown: %s', (code, expected) => {
    expect(isLost(errorOf(() => refuse(code)))).toBe(expected);
  });

  test('R2: an error that is no problem of ours is a mistake, and never waited for', () => {
    expect(isLost(new Error('undefined is not a function'))).toBe(false);
  });

  test('R2: it is asked again until it is answered, and says that it waits, and that it waits no more', async () => {
    const { clock, pass } = testTime();
    const told: (string | null)[] = [];
    let asked = 0;
    const answer = untilAnswered(
      async () => {
        asked += 1;
        return asked < 4 ? refuse('connection-lost') : asked;
      },
      { clock, signal: new AbortController().signal, onWaiting: (because) => void told.push(because) },
    );
    await pass(10_000);
    expect(await answer).toBe(4);
    expect(told).toEqual(['It was connection-lost.', 'It was connection-lost.', 'It was connection-lost.', null]);
  });

  test('R2: no wait is without an end: after half an hour it fails, and says what was waited for', async () => {
    const { clock, pass } = testTime();
    const patience = { clock, signal: new AbortController().signal, onWaiting: () => {} };
    const answer = untilAnswered(async () => refuse('no-quorum'), patience);
    const ended = expect(answer).rejects.toMatchObject({
      problem: { code: 'step-failed', message: 'It was waited for half an hour in vain: It was no-quorum.' },
    });
    await pass(1_810_000);
    await ended;
  });

  test('what says no is not asked again; patience that is limited ends; a wait that is ended ends at once', async () => {
    const { clock, pass } = testTime();
    const ending = new AbortController();
    const patience = { clock, signal: ending.signal, onWaiting: () => {} };
    let asked = 0;
    const ask = (code: ProblemCode) => async () => {
      asked += 1;
      return refuse(code);
    };
    await expect(untilAnswered(ask('lease-lost'), patience)).rejects.toMatchObject({ problem: { code: 'lease-lost' } });
    expect(asked).toBe(1);
    const limited = untilAnswered(ask('connection-lost'), { ...patience, forMs: 5000 });
    const ended = expect(limited).rejects.toMatchObject({ problem: { code: 'connection-lost' } });
    await pass(7000);
    await ended;
    const endless = untilAnswered(ask('connection-lost'), patience);
    const aborted = expect(endless).rejects.toThrow('The app closes.');
    await settled();
    ending.abort(new Error('The app closes.'));
    await aborted;
  });
});
