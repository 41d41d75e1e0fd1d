import { problemOf } from '#shared/problems.ts';
import type { OperationContext } from './step.ts';

/** As many reasons as a person reads in one go; the others stand in the rows of their VMs. */
const mostTold = 3;

/** What went wrong with several VMs, as one text. */
export function together(failures: readonly string[]): string {
  if (failures.length <= mostTold) return failures.join(' ');
  const more = failures.length - (mostTold - 1);
  return `${failures.slice(0, mostTold - 1).join(' ')} And ${more} VMs more, each with its reason in its row.`;
}

/**
 * Does `work` for each VM, as many at once as the region allows. What refuses one holds back no other (R7): its words are gathered. Only a
 * lock that is another's, an app that stops, and a cancel end all of them.
 * @param work answers why it was not done, as a sentence; `undefined`: it was.
 * @returns those sentences.
 */
export async function forEachVm<Vm extends { readonly resource: string }>(
  context: OperationContext,
  vms: readonly Vm[],
  work: (vm: Vm) => Promise<string | undefined>,
): Promise<readonly string[]> {
  const { region, cancelled, signal, handle, clock } = context;
  const queue = [...vms];
  const failures: string[] = [];
  const worker = async (): Promise<void> => {
    for (let vm = queue.shift(); vm !== undefined; vm = queue.shift()) {
      // What is not begun is not begun any more; what is under way comes to its own end.
      if (cancelled.aborted) return;
      try {
        const failure = await work(vm);
        if (failure !== undefined) failures.push(failure);
      } catch (error) {
        const problem = problemOf(error);
        if (problem === undefined || problem.code === 'lease-lost' || signal.aborted) throw error;
        handle.vm(vm.resource, { state: 'failed', detail: problem.message, progress: null, endedAt: clock.now() });
        failures.push(`${vm.resource}: ${problem.message}`);
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: region.view().maxMovesAtOnce }, worker));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return failures;
}
