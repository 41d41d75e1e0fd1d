import { run } from './shown-command.ts';
import type { RunOutcome, ShownCommand } from './shown-command.ts';
import { clusterName } from './xml-text.ts';

/**
 * Fences a node, on a control node. `off`: it stays off; `reboot`: it comes back, in standby where that was written before. The fencing
 * history of a fresh read says how it went, not this command.
 */
export function fence(node: string, how: 'off' | 'reboot'): ShownCommand<RunOutcome> {
  const verb = how === 'off' ? '--fence' : '--reboot';
  return run(['stonith_admin', verb, clusterName(node), '--timeout', '120'], 150_000);
}

/**
 * Tells the cluster that a node is off though no device has proven it: its VMs are started elsewhere, and run twice if it is not true.
 * Never sent without a typed statement of a person that is recorded, and a second look that found the node silent too (R11, R13).
 */
export function confirmOff(node: string): ShownCommand<RunOutcome> {
  return run(['stonith_admin', '--confirm', clusterName(node)], 60_000);
}
