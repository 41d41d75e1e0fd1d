import { describe, expect, it } from 'vitest';
import { acknowledgeFenceLoop, fenceLoopOf } from '../../../../electron/core/lifecycle/fence-loop.ts';
import type { FenceEvent } from '../../../../shared/model/cluster.ts';
import { answerOf } from '../cluster/capture.ts';

const noon = Date.UTC(2026, 10, 22, 12);

function fencedAt(...minutes: readonly number[]): readonly FenceEvent[] {
  return minutes.map((minute) => ({
    action: 'reboot',
    target: 'lab-c3',
    status: 'success',
    delegate: 'lab-c1',
    client: 'pacemaker-controld',
    completedAt: noon + minute * 60_000,
    exitReason: '',
  }));
}

describe('R18: the fence loop', () => {
  it('R18: three successful fencings within an hour are a loop, two are none', () => {
    expect(fenceLoopOf(fencedAt(-50, -20), noon, null)).toBe(null);
    expect(fenceLoopOf(fencedAt(-50, -20, -5), noon, null)).toEqual({
      count: 3,
      newestAt: noon - 300_000,
      words:
        'Fence loop: fenced 3 times within an hour, last by lab-c1. It may well be fenced again as soon as it is back.',
      isAcknowledged: false,
    });
  });

  it('R18: an acknowledgement holds as long as the loop is one, and not for another fencing', () => {
    const loop = fenceLoopOf(fencedAt(-50, -20, -5), noon, null);
    const until = loop === null ? 0 : acknowledgeFenceLoop(loop);
    expect(fenceLoopOf(fencedAt(-50, -20, -5), noon, until)?.isAcknowledged).toBe(true);
    expect(fenceLoopOf(fencedAt(-50, -20, -5, 2), noon + 180_000, until)?.isAcknowledged).toBe(false);
  });

  it('R18: the captured region has fenced lab-c3 four times in eleven minutes, failed tries and double entries aside', () => {
    const { fencing } = answerOf('dead-fenced-offline/lab-c1');
    const own = fencing.filter(({ target }) => target === 'lab-c3');
    expect(fenceLoopOf(own, Date.UTC(2026, 10, 22, 11, 40), null)?.count).toBe(4);
  });
});
