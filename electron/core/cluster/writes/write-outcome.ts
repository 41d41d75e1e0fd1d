import type { SectionedOutput } from '../../ssh/sections.ts';
import { sectionsOf } from './shown-command.ts';

/** How a guarded write ended. */
export type WriteOutcome =
  /** Done, and after it the guard still held. */
  | { readonly kind: 'written'; readonly tookMs: number }
  /** Not done: the guard does not hold. */
  | { readonly kind: 'refused'; readonly because: 'no-quorum' | 'lease-lost' }
  /** Not done: what `unless` names is there already. */
  | { readonly kind: 'exists' }
  /** Not done: what `requires` names, or what was to be replaced, is not as it was read before. */
  | { readonly kind: 'changed' }
  /** Nobody knows: it took effect without the guard being proven, or its answer was lost. Read before anything else is done (R2). */
  | { readonly kind: 'not-proven'; readonly because: string }
  /** Surely not done, for a reason that has nothing to do with the guard. */
  | { readonly kind: 'error'; readonly exitStatus: number; readonly because: string };

export interface WriteQuestions {
  readonly asksGone: boolean;
  readonly asksExists: boolean;
  readonly asksRequired: boolean;
  readonly replaces: boolean;
}

/** CRM_EX_NOSUCH: nothing matches the XPath. */
const nothingThere = 105;

/**
 * Exit statuses after which nothing was written, of Pacemaker's `crm_exit_t` (`include/crm/common/results.h`): no rights (4), usage (64),
 * data (65), input (66), unavailable (69), configuration, also a breach of the schema (78), no cluster (102), older than the CIB (103),
 * already there (108); and the shell's: not executable, not found.
 */
const surelyNotWritten: ReadonlySet<number> = new Set([4, 64, 65, 66, 69, 78, 102, 103, 108, 126, 127]);

/**
 * Reads the answer of a guarded write. A write that was under way while quorum was being lost returns 0 and stays in the minority's CIB
 * (seen on real nodes: 5.3 s, status 0, quorum already gone), so status 0 alone proves nothing: the guard is read again after every one.
 */
export function parseWrite(output: SectionedOutput, asks: WriteQuestions): WriteOutcome {
  const answer = sectionsOf(output);
  if (answer.kind === 'lost') return { kind: 'not-proven', because: answer.because };
  const statusOf = (name: string) => answer.get(name).status;
  const write = answer.get('write');
  const tookMs = Math.round((Number(answer.get('after').text) - Number(answer.get('before').text)) * 1000);
  const [guard, quorum] = [statusOf('guard'), statusOf('quorum')];
  if (write.status === null) return { kind: 'not-proven', because: 'the write’s exit status is missing' };
  if (surelyNotWritten.has(write.status)) return { kind: 'error', exitStatus: write.status, because: write.error };
  if (write.status === nothingThere) return whyNothing();
  if (write.status !== 0) return { kind: 'not-proven', because: `cibadmin ended with ${write.status}: ${write.error}` };
  if (asks.asksGone && statusOf('gone') !== nothingThere) return whyStillThere();
  if (guard === 0) return { kind: 'written', tookMs };
  const words = guard === nothingThere ? lostWords() : `the guard could not be read again (status ${String(guard)})`;
  return { kind: 'not-proven', because: `it was written in ${tookMs} ms, and after it ${words}` };

  function whyNothing(): WriteOutcome {
    if (guard === nothingThere) return refused();
    if (asks.asksExists && statusOf('exists') === 0) return { kind: 'exists' };
    if (asks.replaces || (asks.asksRequired && statusOf('required') === nothingThere)) return { kind: 'changed' };
    const because = 'nothing matched at the moment of the write, and by now it would';
    return { kind: 'error', exitStatus: nothingThere, because };
  }
  function whyStillThere(): WriteOutcome {
    if (statusOf('gone') !== 0)
      return { kind: 'not-proven', because: 'whether it is gone could not be read after the deletion' };
    if (guard === nothingThere) return refused();
    if (asks.asksExists && statusOf('exists') === 0) return { kind: 'exists' };
    if (asks.asksRequired && statusOf('required') === nothingThere) return { kind: 'changed' };
    return { kind: 'not-proven', because: 'cibadmin said that it was deleted, and it is still there' };
  }
  function refused(): WriteOutcome {
    return { kind: 'refused', because: quorum === nothingThere ? 'no-quorum' : 'lease-lost' };
  }
  function lostWords(): string {
    return quorum === nothingThere ? 'the cluster has no quorum' : 'the lease is not ours any more';
  }
}
