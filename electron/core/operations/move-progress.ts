import type { MoveProgress } from '#shared/model/operation.ts';
import { jobsCommand, parseJobs } from '../cluster/libvirt/read/jobs.ts';
import { moveProgress, type JobRead } from '../cluster/libvirt/read/move-progress.ts';
import { runSections } from '../ssh/sections.ts';
import { nodeOf } from './channels.ts';
import { isLost } from './reach.ts';
import type { OperationContext } from './step.ts';

/** Reads how far a migration is; `null` where there is none at the moment, or it is not known. Keeps what it needs between two reads. */
export type ProgressReader = () => Promise<MoveProgress | null>;

const deadlineMs = 15_000;
const keptReads = 30;

export function readProgress(
  { region, clock, signal }: OperationContext,
  { domain, source }: { readonly domain: string; readonly source: string },
): ProgressReader {
  const reads: JobRead[] = [];
  const command = jobsCommand([domain]);
  return async () => {
    try {
      const output = await runSections(nodeOf(region, source), command, {
        deadlineMs,
        signal,
      });
      const job = parseJobs(output, [domain]).get(domain);
      if (job?.kind !== 'moving-out') return null;
      reads.push({ readAt: clock.now(), progress: job.progress });
      if (reads.length > keptReads) reads.shift();
      const [first, ...rest] = reads;
      return first === undefined ? null : moveProgress([first, ...rest]);
    } catch (error) {
      // How far it is only shows: the move itself needs nobody to look.
      if (isLost(error)) return null;
      throw error;
    }
  };
}
