import type { RemoteCommand } from '../../../ssh/transport.ts';

/**
 * Follows Pacemaker's log on a control node, where every change of the CIB leaves a line within a second; the journal where the file
 * cannot be read (there only the DC's host sees all). It only hastens the next poll: nothing is concluded from a line.
 */
export const watchLogCommand: RemoteCommand = {
  script: `PATH=/usr/sbin:/usr/bin:/sbin:/bin
log=/var/log/pacemaker/pacemaker.log
if [ -r "$log" ]; then exec tail -n0 -F "$log"; else exec journalctl -f -n0 -o cat -u pacemaker -u pacemaker_remote; fi`,
  privilege: 'none',
};

/**
 * What changes what a read would answer: a change of the CIB (`cib_perform_op … Diff`, `+  /cib`), of the membership, of quorum, a
 * fencing, a resource action. The rest of the log (recheck timers, IPC, statistics) changes nothing.
 */
const telling =
  /cib_perform_op|pcmk__cluster_state|crm_update_peer|update_peer_state|[Qq]uorum|stonith|[Ff]enc(?:e|ing)|log_op_output|process_lrm_event|log_executor_event|do_state_transition|Result of/u;

/** True for a line of Pacemaker's log, or of its journal, after which a read is worth its while. */
export function hastensPoll(line: string): boolean {
  return telling.test(line);
}
