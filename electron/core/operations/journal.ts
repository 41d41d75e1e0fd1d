import type { OperationId } from '#shared/model/ids.ts';
import type { TranscriptEntry } from '#shared/model/operation.ts';
import { problemOf } from '#shared/problems.ts';
import { controlOf, nodeOf } from './channels.ts';
import type { ShownCommand } from '../cluster/writes/shown-command.ts';
import type { JournalEntry, JournalRepository } from '../db/journal.ts';
import type { RegionAccess } from '../region/region-access.ts';
import { runSections, splitSections, type SectionChannel, type SectionedOutput } from '../ssh/sections.ts';

/** Sends commands for one operation, each with a row in the journal: on the disk before the command leaves, completed by its answer. */
export interface Sender {
  /** On the control node that answers for the region. @throws ProblemError what the way there throws: then nobody knows what it did. */
  toControl<Result>(step: string, command: ShownCommand<Result>, signal?: AbortSignal): Promise<Result>;
  toNode<Result>(step: string, node: string, command: ShownCommand<Result>, signal?: AbortSignal): Promise<Result>;
}

/** Most characters of each stream that the journal keeps of one command. */
const keptCharacters = 16_384;

/** @param onEntry told when a command begins and when it ends. */
export function createSender(options: {
  readonly operationId: OperationId;
  readonly region: Pick<RegionAccess, 'onControl' | 'onNode' | 'answer'>;
  readonly journal: JournalRepository;
  readonly now: () => number;
  readonly redact: (text: string) => string;
  readonly onEntry: (entry: TranscriptEntry) => void;
}): Sender {
  const { operationId, region, journal, now, redact, onEntry } = options;

  async function send<Result>(
    at: { readonly step: string; readonly host: string },
    { command, shown, deadlineMs, parse }: ShownCommand<Result>,
    channel: SectionChannel,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    const begun = { operationId, ...at, command: redact(shown), startedAt: now() };
    const sequence = journal.begin(begun);
    const open = { ...begun, sequence, endedAt: null, exitStatus: null, stdout: '', stderr: '', isIntact: true };
    onEntry(transcriptEntry(open));
    const end = (exitStatus: number | null, stdout: string, stderr: string): void => {
      const result = { endedAt: now(), exitStatus, stdout: kept(redact(stdout)), stderr: kept(redact(stderr)) };
      journal.end(sequence, result);
      onEntry(transcriptEntry({ ...open, ...result }));
    };
    try {
      const output = await runSections(channel, command, {
        deadlineMs,
        ...(signal === undefined ? {} : { signal }),
      });
      end(...answerOf(output));
      return parse(output);
    } catch (error) {
      // It was sent, and its answer is lost: that is what the journal says of it.
      end(null, '', problemOf(error)?.message ?? 'Rackside failed while it waited for the answer.');
      throw error;
    }
  }

  return {
    toControl: (step, command, signal) =>
      send({ step, host: region.answer()?.via ?? 'control node' }, command, controlOf(region), signal),
    toNode: (step, node, command, signal) => send({ step, host: node }, command, nodeOf(region, node), signal),
  };
}

/** What the tool itself answered: the section that is the command's own, without the marks around it. */
function answerOf(output: SectionedOutput): [exitStatus: number | null, stdout: string, stderr: string] {
  const split = splitSections(output);
  const own = split.kind === 'value' ? (split.value.get('run') ?? split.value.get('write')) : undefined;
  if (own !== undefined) return [own.status, own.text, own.error];
  const words = (text: string) => text.replaceAll(output.nonce, '#');
  return [output.exitStatus, words(output.stdout), words(output.stderr)];
}

/** One row of the journal as the contract has it. */
export function transcriptEntry(entry: JournalEntry): TranscriptEntry {
  const { sequence, step, host, command, startedAt, endedAt, exitStatus, stdout, stderr, isIntact } = entry;
  return { sequence, step, host, command, startedAt, endedAt, exitStatus, stdout, stderr, isIntact };
}

function kept(text: string): string {
  return text.length <= keptCharacters
    ? text
    : `${text.slice(0, keptCharacters)}\n… (${text.length} characters in all)`;
}
