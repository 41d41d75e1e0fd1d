import { withUtcMoments } from '#shared/model/moment.ts';
import type { RegionProfile } from '#shared/model/region.ts';
import { regionWords } from '#shared/model/region-words.ts';
import type { Operation, TranscriptEntry } from '#shared/model/operation.ts';

/** The whole operation as text for a ticket: what it was, how it stands, and every command with its answer. Times are UTC. */
export function exportText(
  operation: Operation,
  entries: readonly TranscriptEntry[],
  region: Pick<RegionProfile, 'name' | 'demoLabel'>,
): string {
  const time = (at: number): string => new Date(at).toISOString();
  const { state } = operation;
  const outcome =
    state.kind === 'ended'
      ? `${state.outcome} at ${time(state.at)}`
      : state.kind === 'failed'
        ? `stopped at ${time(state.at)}: ${state.problem.message}`
        : state.kind;
  const told = [
    `Rackside operation ${operation.id}`,
    `Region:  ${regionWords(region)}`,
    `Node:    ${operation.nodeName}${operation.nodeName === operation.node ? '' : ` (${operation.node})`}`,
    `Command: ${operation.command}`,
    `By:      ${operation.owner}`,
    `Reason:  ${operation.reason}`,
    `Began:   ${time(operation.startedAt)}`,
    `State:   ${outcome}`,
    ...(state.kind === 'ended' ? state.left.map((line) => `         ${line}`) : []),
    '',
    'Steps',
    ...operation.steps.map(
      ({ title, state: is, detail }) => `  ${is.padEnd(8)} ${title}${detail === '' ? '' : `: ${detail}`}`,
    ),
    ...(operation.vms.length === 0 ? [] : ['', 'VMs']),
    ...operation.vms.map(
      ({ domain, state: is, target, detail }) =>
        `  ${is.padEnd(12)} ${domain}${target === null ? '' : ` → ${target}`}${detail === '' ? '' : `: ${detail}`}`,
    ),
  ];
  return [
    ...told.map(withUtcMoments),
    '',
    'Commands (secrets removed)',
    ...entries.flatMap((entry) => [
      '',
      `${time(entry.startedAt)} ${entry.host} [${entry.step}]${entry.isIntact ? '' : ' (this row of the journal is damaged)'}`,
      `$ ${entry.command}`,
      ...indented(entry.stdout),
      ...indented(entry.stderr),
      entry.endedAt === null
        ? '  no answer was seen'
        : `  exit ${entry.exitStatus ?? 'not known'}, ${((entry.endedAt - entry.startedAt) / 1000).toFixed(2)} s`,
    ]),
    '',
  ].join('\n');
}

function indented(text: string): readonly string[] {
  return text.trim() === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map((line) => `  ${line}`);
}
