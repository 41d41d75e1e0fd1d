import { describe, expect, test } from 'vitest';
import {
  parsePcsReports,
  removalResult,
  removeControl,
  removeWorker,
} from '../../../../../electron/core/cluster/writes/membership.ts';

const unit = 'rackside-op1-remove.service';
const pcsWords = (command: { readonly command: { readonly args?: readonly string[] } }) =>
  command.command.args?.slice((command.command.args ?? []).indexOf('pcs')).join(' ');

// What pcs 0.11.5 printed on real nodes, as the journal of the unit has it.
const notReached = `Started ${unit}.
Requesting 'pacemaker_remote disable', 'pacemaker_remote stop' on 'w1'
Error: Unable to connect to w1 (Failed to connect to 192.0.2.51 port 2224 after 14371 ms: Couldn't connect to server), use --skip-offline to override
Error: Errors have occurred, therefore pcs is unable to continue
${unit}: Main process exited, code=exited, status=1/FAILURE
`;
const notStopped = `w2: successful removal of the file 'pacemaker authkey'
Attempting to stop: w2... Error: Unable to stop: w2 before deleting (re-run with --force to force deletion)
`;
const notChecked = `Warning: Unable to connect to c3 (Connection timed out after 3001 milliseconds)
Error: Unable to determine whether this action will cause a loss of the quorum, use --force to override
Error: Errors have occurred, therefore pcs is unable to continue
`;

describe('removing a node', () => {
  test('R17: the first call never carries --force, and the second only where reports that may be overridden were shown', () => {
    const first = removeControl(unit, 'c3', { skipsOffline: false, overridden: [] });
    expect(pcsWords(first)).toBe('pcs cluster node remove c3');
    expect(pcsWords(removeControl(unit, 'c3', { skipsOffline: true, overridden: [] }))).toBe(
      'pcs cluster node remove c3 --skip-offline',
    );
    const second = removeControl(unit, 'c3', {
      skipsOffline: true,
      overridden: ['COROSYNC_QUORUM_LOSS_UNABLE_TO_CHECK'],
    });
    expect(pcsWords(second)).toBe('pcs cluster node remove c3 --skip-offline --force');
    for (const code of [
      'OTHER',
      'HOST_NOT_FOUND',
      'UNABLE_TO_CONNECT_TO_ANY_REMAINING_NODE',
      'RESOURCE_NOT_STOPPED',
    ] as const)
      for (const overridden of [[code], ['COROSYNC_QUORUM_LOSS_UNABLE_TO_CHECK' as const, code]])
        expect(() => removeControl(unit, 'c3', { skipsOffline: true, overridden })).toThrow(/never is/u);
    expect(pcsWords(removeWorker(unit, 'w1', { skipsOffline: true }))).toBe(
      'pcs cluster node remove-remote w1 --skip-offline',
    );
  });

  test('R17: pcs’s reports are read with what would override them; progress is none', () => {
    expect(parsePcsReports(notReached)).toEqual([
      {
        severity: 'error',
        code: 'NODE_COMMUNICATION_ERROR_UNABLE_TO_CONNECT',
        words:
          "Unable to connect to w1 (Failed to connect to 192.0.2.51 port 2224 after 14371 ms: Couldn't connect to server)",
        override: 'skip-offline',
      },
    ]);
    expect(parsePcsReports(notStopped)).toEqual([
      {
        severity: 'error',
        code: 'RESOURCE_NOT_STOPPED',
        words: 'Unable to stop: w2 before deleting',
        override: 'force',
      },
    ]);
    expect(parsePcsReports(notChecked).map(({ severity, code, override }) => [severity, code, override])).toEqual([
      ['warning', 'NODE_COMMUNICATION_ERROR_UNABLE_TO_CONNECT', null],
      ['error', 'COROSYNC_QUORUM_LOSS_UNABLE_TO_CHECK', 'force'],
    ]);
  });

  test.each([
    ['what could not be checked may be forced', notChecked, true],
    ['a node that is not reached is not a matter of force', notReached, false],
    ['a connection that did not stop is never forced', notStopped, false],
    ['an error that nobody can name is never forced', 'Error: something new, use --force to override\n', false],
    ['one that may be forced beside one that may not', `${notChecked}Error: Host 'c9' is not known to pcs\n`, false],
    ['a failure without a report', 'Traceback\n', false],
  ])('R17: %s', (_name, output, canForce) => {
    expect(removalResult({ kind: 'ended', exitStatus: 1, output })).toMatchObject({ kind: 'refused', canForce });
  });

  test('R2: a unit that is gone, or was ended, is not a removal that was done', () => {
    expect(removalResult({ kind: 'ended', exitStatus: 0, output: 'Deleting Resource - w1\n' })).toEqual({
      kind: 'done',
      reports: [],
    });
    expect(removalResult({ kind: 'absent', output: '' }).kind).toBe('unknown');
    expect(removalResult({ kind: 'ended', exitStatus: null, output: '' }).kind).toBe('unknown');
    expect(removalResult({ kind: 'running', output: '' }).kind).toBe('running');
  });
});
