import { commandWords, type Operation } from '#shared/model/operation.ts';
import { endedSentence } from './operation-words.ts';
import { heldOf, operationHref, useOperations } from './operations.ts';
import { dropOlderToasts, dropToast, showToast } from './toasts.ts';
import type { Toast } from './toasts.ts';

/**
 * Tells of an operation that ended, failed or was left alone, where its page is not the one that is looked at. To be asked before
 * the change is kept: what is news is judged against what was known. Of other laptops' operations only what needs a person is told.
 */
export function tellOfOperation(next: Operation): void {
  const before = heldOf(useOperations.getState().byId, next);
  if (before && before.updatedAt > next.updatedAt) return;
  const words = newsOf(before, next);
  const about = { nodeId: next.nodeId, operation: { regionId: next.regionId, id: next.id } };
  if (before === undefined && next.state.kind !== 'ended') dropOlderToasts(about);
  if (words === null) return;
  const isLookedAt = location.hash === operationHref(next.id) && document.visibilityState === 'visible';
  // What was told before is true no more, also where the page itself tells what is.
  if (words === 'over' || isLookedAt) dropToast(next.id);
  else showToast({ ...words, id: next.id, ...about });
}

type News = Pick<Toast, 'level' | 'title' | 'text'>;

/** What is new, in words; `over`: what was told before is true no more; `null`: nothing. */
export function newsOf(before: Operation | undefined, next: Operation): News | 'over' | null {
  const { state, nodeName, command } = next;
  const was = before?.state.kind;
  if (was === state.kind) return null;
  switch (state.kind) {
    case 'ended': {
      if (!next.isOurs || was === undefined) return before ? 'over' : null;
      const isWhole = state.outcome === 'succeeded';
      const [first] = state.left;
      const more = state.left.length > 1 ? ` And ${String(state.left.length - 1)} more.` : '';
      return {
        level: isWhole ? 'success' : 'info',
        title: endedSentence(next, state.outcome),
        text: first === undefined ? '' : `${first.replace(/\.$/, '')}.${more}`,
      };
    }
    case 'failed':
      return { level: 'danger', title: `${commandWords[command]} on ${nodeName} failed`, text: state.problem.message };
    case 'unattended':
      if (was === undefined) return null;
      return {
        level: 'warning',
        title: `${commandWords[command]} on ${nodeName} is unattended`,
        text: 'Nobody drives it. It can be continued or rolled back.',
      };
    case 'running':
      // The words of the specification are said when it begins.
      if (was === undefined && next.message !== '') return { level: 'warning', title: next.message, text: '' };
      return 'over';
    case 'queued':
    case 'cancelling':
    case 'rolling-back':
    case 'elsewhere':
      return 'over';
  }
}
