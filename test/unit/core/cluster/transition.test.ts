import { describe, expect, test } from 'vitest';
import { readTransition, understandTransition } from '../../../../electron/core/cluster/pacemaker/read/transition.ts';
import { localShell } from './local-shell.ts';
import { sectionedCapture } from './sectioned-capture.ts';

const options = { deadlineMs: 5000 };
const withoutTimeout = 'timeout() { shift; "$@"; }';

describe('whether the cluster does something', () => {
  test('the DC’s own word decides', () => {
    const told = (name: string) => understandTransition(sectionedCapture(`transition/${name}`));
    expect(told('idle')).toEqual({ kind: 'answer', answer: { kind: 'idle', dc: 'c2' } });
    expect(told('busy')).toEqual({
      kind: 'answer',
      answer: { kind: 'busy', dc: 'c2', state: 'S_TRANSITION_ENGINE' },
    });
    expect(told('dc-dead')).toEqual({
      kind: 'answer',
      answer: { kind: 'unknown', because: 'Command failed: Connection timed out' },
    });
    expect(told('bare').kind).toBe('no-privilege');
  });

  test('R8: an answer that broke off is unknown, never idle', () => {
    const whole = sectionedCapture('transition/idle');
    for (const length of [0, 100, 400, whole.stdout.length - 5])
      expect(understandTransition({ ...whole, stdout: whole.stdout.slice(0, length) })).toMatchObject({
        answer: { kind: 'unknown' },
      });
  });

  test('the DC that answers is the one that is asked; without one nothing more is asked', async () => {
    const crmadmin = (dc: string) => `${withoutTimeout}
crmadmin() { case $1 in
-D) echo '<pacemaker-result request="crmadmin -D --output-as=xml">${dc}<status code="0" message="OK"/></pacemaker-result>';;
*) echo "<pacemaker-result><crmd node_name='x' state='S_$2' result='ok'/><status code='0'/></pacemaker-result>";; esac; }`;
    expect(await readTransition(localShell(crmadmin('<dc node_name="c-1.example"/>')), options)).toEqual({
      kind: 'busy',
      dc: 'c-1.example',
      state: 'S_c-1.example',
    });
    expect(await readTransition(localShell(crmadmin('')), options)).toEqual({
      kind: 'unknown',
      because: 'the cluster is electing its coordinator',
    });
  });

  test('a DC that does not answer is unknown, and a login without rights is asked again as root', async () => {
    const silent = `${withoutTimeout}
crmadmin() { case $1 in -D) echo '<r><dc node_name="c1"/><status code="0"/></r>';; *) echo '<r><status code="124" message="Timeout occurred"/></r>'; return 124;; esac; }`;
    const shell = localShell(
      `${withoutTimeout}\ncrmadmin() { echo '<r><status code="4" message="Insufficient privileges"/></r>'; return 4; }`,
      silent,
    );
    expect(await readTransition(shell, options)).toEqual({
      kind: 'unknown',
      because: 'the coordinator c1 did not say what it does: Timeout occurred',
    });
    expect(shell.asked).toEqual(['none', 'root']);
  });
});
