import type { ShownCommand } from './shown-command.ts';
import type { UnitState } from './unit.ts';
import { startUnit } from './unit.ts';
import type { StartOutcome } from './unit.ts';
import { clusterName } from './xml-text.ts';

/** What pcs has to be told before it goes on. `force` only in a second call, bound to the very codes that were shown (R17). */
export interface RemovalOptions {
  /** The node does not answer: its own configuration is left on it. */
  readonly skipsOffline: boolean;
  /** Codes of the reports that a person has seen and overridden; empty in the first call. */
  readonly overridden: readonly PcsReportCode[];
}

/**
 * Removes a control node (`pcs cluster node remove`), as a unit on another control node, because a lost channel must not leave it half done.
 * A node that answers is destroyed to a candidate: its services end and are disabled. Result: `showUnit`, then `parsePcsReports`.
 */
export function removeControl(unit: string, node: string, options: RemovalOptions): ShownCommand<StartOutcome> {
  return startUnit(unit, ['pcs', 'cluster', 'node', 'remove', clusterName(node), ...flags(options)], 300);
}

/**
 * Removes a Worker. Only after its connection was closed (`setResourceOption` target-role `Stopped`) and the cluster shows it offline and
 * clean: pcs ends pacemaker_remote first, and a service that ends under an open connection is fenced in the middle of the command. Never by
 * `--force`: that deletes a connection that did not stop.
 */
export function removeWorker(
  unit: string,
  node: string,
  options: Pick<RemovalOptions, 'skipsOffline'>,
): ShownCommand<StartOutcome> {
  const all = { ...options, overridden: [] };
  return startUnit(unit, ['pcs', 'cluster', 'node', 'remove-remote', clusterName(node), ...flags(all)], 300);
}

function flags({ skipsOffline, overridden }: RemovalOptions): readonly string[] {
  if (!overridden.every((code) => forcible.has(code))) throw new Error('A report was to be overridden that never is.');
  return [...(skipsOffline ? ['--skip-offline'] : []), ...(overridden.length > 0 ? ['--force'] : [])];
}

/** What a forced retry may override, after a person has read it (R17): “unable to check” is not “safe”, and nothing else is forced at all. */
const forcible: ReadonlySet<PcsReportCode> = new Set([
  'COROSYNC_QUORUM_WILL_BE_LOST',
  'COROSYNC_QUORUM_LOSS_UNABLE_TO_CHECK',
]);

/** Codes of pcs's reports (`pcs/common/reports/codes.py`) that removing a node can give; `OTHER`: another, known only by its words. */
export type PcsReportCode = (typeof knownReports)[number]['code'] | 'OTHER';

/** pcs prints words and no codes: its messages (`pcs/common/reports/messages.py`, 0.11), by what is the same in every one of them. */
const knownReports = [
  { code: 'COROSYNC_QUORUM_WILL_BE_LOST', words: /^This action will cause a loss of the quorum/u },
  { code: 'COROSYNC_QUORUM_LOSS_UNABLE_TO_CHECK', words: /Unable to determine whether this action will cause a loss/u },
  { code: 'UNABLE_TO_CONNECT_TO_ANY_REMAINING_NODE', words: /Unable to connect to any remaining cluster node/u },
  { code: 'UNABLE_TO_CONNECT_TO_ALL_REMAINING_NODE', words: /Remaining cluster nodes? .* could not be reached/u },
  { code: 'NODES_TO_REMOVE_UNREACHABLE', words: /could not be reached and subsequently deconfigured/u },
  { code: 'HOST_NOT_FOUND', words: /not known to pcs/u },
  { code: 'NODE_NOT_FOUND', words: /does not appear to exist in configuration/u },
  { code: 'NODE_COMMUNICATION_ERROR_UNABLE_TO_CONNECT', words: /^Unable to connect to \S+ \(/u },
  { code: 'NODE_COMMUNICATION_ERROR_TIMED_OUT', words: /Connection timeout/u },
  { code: 'NODE_COMMUNICATION_ERROR_NOT_AUTHORIZED', words: /Unable to authenticate to/u },
  { code: 'UNABLE_TO_PERFORM_OPERATION_ON_ANY_NODE', words: /Unable to perform operation on any available node/u },
  { code: 'CANNOT_REMOVE_ALL_CLUSTER_NODES', words: /No nodes would be left in the cluster/u },
  { code: 'NODE_REMOVE_IN_PACEMAKER_FAILED', words: /Unable to remove node\(s\) .* from pacemaker/u },
  { code: 'COROSYNC_QUORUM_ATB_WILL_BE_ENABLED_DUE_TO_SBD', words: /auto_tie_breaker quorum option will be enabled/u },
  { code: 'SERVICE_COMMAND_ON_NODE_ERROR', words: /service command failed/u },
  // Words of pcs's older half, which has no codes: the name is ours.
  { code: 'RESOURCE_NOT_STOPPED', words: /Unable to stop: \S+ before deleting/u },
] as const;

/** One report of pcs. */
export interface PcsReport {
  readonly severity: 'error' | 'warning';
  readonly code: PcsReportCode;
  /** pcs's own words, without its hint. */
  readonly words: string;
  /** What pcs says would override it; `null`: nothing. */
  readonly override: 'force' | 'skip-offline' | null;
}

/** pcs's reports in the order in which it printed them; lines of progress are none. */
export function parsePcsReports(text: string): readonly PcsReport[] {
  return text.split('\n').flatMap((line) => {
    // Its older half goes on in a line of progress: `Attempting to stop: w1... Error: …`.
    const [, severity, said] = /(?:^|\.\.\. )(Error|Warning|Deprecation Warning): (.*)$/u.exec(line.trim()) ?? [];
    if (severity === undefined || said === undefined) return [];
    if (said.startsWith('Errors have occurred, therefore pcs is unable to continue')) return [];
    const [, words = said, hint] = /^(.*?),? \(?(?:re-run with|use) --(force|skip-offline) to .*$/u.exec(said) ?? [];
    const code = knownReports.find((known) => known.words.test(words))?.code ?? 'OTHER';
    const override = hint === 'force' || hint === 'skip-offline' ? hint : null;
    return [{ severity: severity === 'Error' ? ('error' as const) : ('warning' as const), code, words, override }];
  });
}

/** How a removal went, by its unit. What is true of the membership has to be read. */
export type RemovalResult =
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly reports: readonly PcsReport[] }
  /** `canForce`: pcs names `--force` for every error of it, and each is one that may be overridden at all. */
  | { readonly kind: 'refused'; readonly reports: readonly PcsReport[]; readonly canForce: boolean }
  | { readonly kind: 'unknown'; readonly because: string };

/** Reads a removal's unit. */
export function removalResult(state: UnitState): RemovalResult {
  if (state.kind === 'running') return { kind: 'running' };
  if (state.kind !== 'ended')
    return { kind: 'unknown', because: state.kind === 'unknown' ? state.because : 'its unit is not there any more' };
  if (state.exitStatus === null) return { kind: 'unknown', because: 'pcs was ended before it was done' };
  const reports = parsePcsReports(state.output);
  if (state.exitStatus === 0) return { kind: 'done', reports };
  const errors = reports.filter(({ severity }) => severity === 'error');
  const canForce =
    errors.length > 0 && errors.every(({ code, override }) => override === 'force' && forcible.has(code));
  return { kind: 'refused', reports, canForce };
}
