import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  fencingCommand,
  readFencing,
  understandFencing,
} from '../../../../electron/core/cluster/pacemaker/read/fencing.ts';
import type { FencingTold } from '../../../../electron/core/cluster/pacemaker/read/fencing.ts';
import { frameSections } from '../../../../electron/core/ssh/sections.ts';
import { capture } from './capture.ts';
import { localShell } from './local-shell.ts';
import { sectionedCapture } from './sectioned-capture.ts';

const folder = fileURLToPath(new URL('../../../fixtures/captures/', import.meta.url));

function told(name: string): readonly FencingTold[] {
  const asked = understandFencing(sectionedCapture(`fencing/${name}`));
  if (asked.kind !== 'answer') throw new Error(JSON.stringify(asked));
  return asked.answer;
}

describe('whether fencing works for a node', () => {
  const timedOut = 'Fence agent did not complete within 20s';
  test.each<[string, Omit<FencingTold, 'device'>]>([
    ['ok', { monitor: 'ok', lists: 'yes', because: '' }],
    ['ok-worker', { monitor: 'ok', lists: 'yes', because: '' }],
    ['unknown-node', { monitor: 'ok', lists: 'no', because: 'it does not list the node' }],
    // The fencer names a device that does not answer: it uses the last list it had.
    ['switch-silent', { monitor: 'failed', lists: 'yes', because: timedOut }],
    ['switch-back', { monitor: 'failed', lists: 'yes', because: timedOut }],
    ['disabled', { monitor: 'failed', lists: 'no', because: 'its state is Stopped; it does not list the node' }],
    ['no-monitor', { monitor: 'unknown', lists: 'yes', because: 'no recurring monitor of it has run' }],
  ])('%s', (name, expected) => {
    expect(told(name)).toEqual([{ device: 'power', ...expected }]);
  });

  test('a monitor that failed once and was recovered is as well as its last run; a fencer that is silent lists nobody for certain', () => {
    const failure = '<failure op_key="power_monitor_30000" node="lab-c1" exitreason="once" task="monitor"/>';
    const crmMon = capture('unclean-unfenced/lab-c1/crm_mon.xml').replace(/<failures>|<\/pacemaker-result>/u, (end) =>
      end === '<failures>' ? end + failure : `<failures>${failure}</failures>${end}`,
    );
    expect(crmMon).toContain(failure);
    const list = '<r><list/><status code="124" message="Timeout occurred"/></r>';
    const output = frameSections([
      { name: 'crm_mon', text: crmMon, status: 0 },
      { name: 'list', text: list, status: 124 },
    ]);
    const why = 'the fencer did not say whom it lists: Timeout occurred';
    expect(understandFencing(output)).toEqual({
      kind: 'answer',
      answer: [{ device: 'power', monitor: 'ok', lists: 'unknown', because: why }],
    });
  });

  test('R8: half an answer is none', () => {
    const whole = sectionedCapture('fencing/ok');
    expect(understandFencing({ ...whole, stdout: whole.stdout.slice(0, -60) })).toMatchObject({
      problem: { code: 'output-not-understood' },
    });
  });

  test('a login outside the cluster’s group is asked again as root, and a node’s name is never an option', async () => {
    const run = sectionedCapture('fencing/bare');
    expect(understandFencing(run)).toMatchObject({ kind: 'no-privilege' });
    const refused = `crm_mon() { echo '<pacemaker-result><status code="4" message="Insufficient privileges"/></pacemaker-result>'; return 4; }\nstonith_admin() { return 102; }`;
    const allowed = `crm_mon() { /bin/cat '${folder}healthy/lab-c1/crm_mon.xml'; }\nstonith_admin() { echo "<r><item>$1</item><status code='0'/></r>"; }`;
    const shell = localShell(refused, allowed);
    expect(await readFencing(shell, '--fence=c1', { deadlineMs: 5000 })).toMatchObject([
      { monitor: 'ok', lists: 'no' },
    ]);
    expect(shell.asked).toEqual(['none', 'root']);
    expect(fencingCommand('c1', 'none').script).toContain('"--list=$1"');
  });
});
