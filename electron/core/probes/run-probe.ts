import { problemOf, type Problem } from '#shared/problems.ts';
import { runSections, type SectionChannel } from '../ssh/sections.ts';
import type { RunOptions } from '../ssh/transport.ts';
import type { Parsed, Probe } from './probe.ts';

/**
 * Runs a probe and parses its answer.
 *
 * A problem of the way to the node (a deadline, a lost connection) is thrown as it came. A problem of rights is no failure
 * of the node: the same script runs without root and tells what it still can; what needs root is then unknown, with the reason.
 *
 * @throws ProblemError of the transport.
 */
export async function runProbe<T>(
  channel: SectionChannel,
  probe: Probe<T>,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Parsed<T>> {
  const runOptions: RunOptions = { deadlineMs: probe.deadlineMs, ...options };
  try {
    return probe.parse(await runSections(channel, probe.command, runOptions));
  } catch (error) {
    const because = rightsReason(problemOf(error));
    if (because === undefined || probe.command.privilege !== 'root') throw error;
    const output = await runSections(channel, { ...probe.command, privilege: 'none' }, runOptions);
    return probe.parse({ ...output, withoutRootBecause: because });
  }
}

/** Why root's rights were not to be had, in words that complete "not known, because …"; `undefined` for any other problem. */
function rightsReason(problem: Problem | undefined): string | undefined {
  switch (problem?.code) {
    case 'sudo-missing':
      return 'it needs root, and sudo is not installed on this node';
    case 'sudo-password-needed':
      return 'it needs root, and sudo asks for a password that this laptop does not have';
    case 'sudo-password-wrong':
      return 'it needs root, and sudo did not accept the password';
    case 'sudo-not-permitted':
      return 'it needs root, and this user may not use sudo on this node';
    default:
      return undefined;
  }
}
