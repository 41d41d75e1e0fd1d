import { randomBytes } from 'node:crypto';
import type { NodeId } from '#shared/model/ids.ts';
import { fail } from '#shared/problems.ts';

/** How long a person has to look at what Force overrides before it can be started. */
export const safetyTimerMs = 30_000;

/** The safety timers of a region: one a node, on the monotonic clock of this process, so that nothing of the page shortens it (R10). */
export interface SafetyTimer {
  /** Starts anew; an earlier token of the node is worth nothing from now on. `shown`: what the dialog shows, to be compared at the start. */
  arm(nodeId: NodeId, shown: string): string;
  disarm(nodeId: NodeId, token: string): void;
  /** What was shown with this token, once its time is over. @throws ProblemError `timer-running`, `token-used`. */
  require(nodeId: NodeId, token: string): string;
  /** Uses the token up: it starts one operation and no second. @throws ProblemError as `require`. */
  spend(nodeId: NodeId, token: string): void;
}

export function createSafetyTimer(monotonic: () => number, timerMs = safetyTimerMs): SafetyTimer {
  const armed = new Map<NodeId, { readonly token: string; readonly at: number; readonly shown: string }>();

  function find(nodeId: NodeId, token: string): string {
    const timer = armed.get(nodeId);
    if (timer?.token !== token) {
      return fail({
        code: 'token-used',
        message: 'This confirmation was used, replaced by a newer one, or is of another node.',
        advice: 'Nothing was begun. Open the force dialog again; its timer begins anew.',
      });
    }
    const leftMs = timerMs - (monotonic() - timer.at);
    if (leftMs > 0) {
      fail({
        code: 'timer-running',
        message: `The safety timer runs for ${Math.ceil(leftMs / 1000)} s more.`,
        advice: 'Use the time to read what is overridden. Nothing was begun.',
      });
    }
    return timer.shown;
  }

  return {
    arm(nodeId, shown) {
      const token = randomBytes(16).toString('hex');
      armed.set(nodeId, { token, at: monotonic(), shown });
      return token;
    },
    disarm(nodeId, token) {
      if (armed.get(nodeId)?.token === token) armed.delete(nodeId);
    },
    require: find,
    spend(nodeId, token) {
      find(nodeId, token);
      armed.delete(nodeId);
    },
  };
}
