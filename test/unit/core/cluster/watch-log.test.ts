import { expect, test } from 'vitest';
import { hastensPoll } from '../../../../electron/core/cluster/pacemaker/read/watch-log.ts';

// Lines of a real pacemaker.log (2.1.5).
const log = 'Nov 23 15:57:15.651 c1 ';

test('a change of the CIB, an action’s result or a fencing hastens the poll', () => {
  for (const line of [
    `${log}pacemaker-based     [451] (cib_perform_op) 	info: ++                                  </instance_attributes>`,
    `${log}pacemaker-based     [451] (cib_perform_op) 	info: Diff: --- 0.44.0 2`,
    `${log}pacemaker-controld  [456] (log_executor_event) 	notice: Result of start operation for vm1 on c2: ok`,
    `${log}pacemaker-fenced    [452] (remote_op_done) 	notice: Operation 'reboot' targeting c3 by c1 for pacemaker-controld.456@c1: OK (complete) | stonith`,
    'Quorum lost',
  ])
    expect([line, hastensPoll(line)]).toEqual([line, true]);
});

test('the rest of the log hastens nothing', () => {
  for (const line of [
    `${log}pacemaker-controld  [456] (throttle_check_thresholds) 	notice: High CPU load detected: 4.350000`,
    `${log}pacemaker-controld  [456] (throttle_send_command) 	info: New throttle mode: medium load (was low)`,
    `${log}pacemaker-based     [451] (cib_file_write_with_digest) 	info: Wrote version 0.21.0 of the CIB to disk`,
    '',
  ])
    expect([line, hastensPoll(line)]).toEqual([line, false]);
});
