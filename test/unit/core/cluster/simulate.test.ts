import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { simulateCommand, type CibEdit } from '../../../../electron/core/cluster/pacemaker/read/simulate-command.ts';
import { parseSimulation, simulate } from '../../../../electron/core/cluster/pacemaker/read/simulate.ts';
import type { Simulation } from '../../../../shared/model/configuration.ts';
import { capture } from './capture.ts';
import { localShell } from './local-shell.ts';

const folder = fileURLToPath(new URL('../../../fixtures/captures/', import.meta.url));

function simulated(name: string): Simulation {
  return parseSimulation({ text: capture(`operations/simulate/${name}.xml`), error: '', status: 0 });
}

/** The actions, a line each. */
function actionsOf(simulation: Simulation): readonly string[] {
  if (simulation.kind === 'unknown') return [simulation.because];
  return simulation.actions.map(({ action, resource, source, target, reason }) =>
    [action, resource, source ?? '-', target ?? '-', reason].join(' ').trim(),
  );
}

const away = ['stop rgpu c2 - node availability'];
const connection = 'migrate w2 c2 c3';

describe('what the scheduler would do', () => {
  test.each([
    ['nothing', []],
    ['pins', ['migrate r1 c2 c1', 'migrate r2 c2 c3']],
    ['standby', ['migrate r2 c2 w2', 'migrate r1 c2 c1', connection, ...away]],
    ['standby-with-pins', ['migrate r1 c2 c1', 'migrate r2 c2 c3', connection, ...away]],
    ['standby-not-enough-memory', ['stop r2 c2 - node availability', 'migrate r1 c2 c1', connection, ...away]],
    ['standby-of-empty', []],
    ['standby-with-connection', [connection]],
    ['unstandby-with-pins', []],
    ['unstandby-without-pins', ['migrate r1 c1 c2', 'migrate r2 c3 c2']],
    ['pin-of-what-may-not-migrate', ['move r1 c2 c1', 'migrate r2 c2 c3']],
    ['target-role-stopped', ['stop r1 c2 - node availability']],
  ])('%s', (name, actions) => {
    expect(actionsOf(simulated(name))).toEqual(actions);
    expect(simulated(name)).toMatchObject({ fenced: [] });
  });

  test('a node that would be fenced is named', () => {
    expect(simulated('node-fails')).toMatchObject({ kind: 'simulated', fenced: ['c2'] });
    expect(actionsOf(simulated('node-fails'))).toEqual(['move r2 c2 w2', 'move r1 c2 c1', 'move w2 c2 c3', ...away]);
  });

  test('a VM of another node that is stopped is among the actions', () => {
    const text = capture('dry-run/crm_simulate-standby-not-enough-memory.xml');
    expect(actionsOf(parseSimulation({ text, error: '', status: 0 }))).toEqual([
      'migrate vm1 lab-c2 lab-c1',
      'stop vm2 lab-c2 - node availability',
      'migrate vm3 lab-c2 lab-c3',
      'migrate lab-y1 lab-c2 lab-c3',
      'stop gpu1 lab-c3 - node availability',
      'stop demo:2 lab-c2 - node availability',
    ]);
  });

  test('an action that is blocked, or that this version does not know, is told and not left out', () => {
    const text = `<pacemaker-result><actions><rsc_action action="stop" resource="a" node="c1" blocked="true"/>
      <rsc_action action="start" resource="b" node="c2"/><rsc_action action="reload" resource="c" node="c3" reason="new"/>
      </actions><status code="0"/></pacemaker-result>`;
    expect(actionsOf(parseSimulation({ text, error: '', status: 0 }))).toEqual([
      'stop a c1 - blocked',
      'start b - c2',
      'other c c3 c3 reload, new',
    ]);
  });

  test('R8: what is not a whole answer of success is unknown, never “no action”', () => {
    const whole = capture('operations/simulate/nothing.xml');
    const unknown = { kind: 'unknown' };
    for (const length of [0, 100, whole.length - 20])
      expect(parseSimulation({ text: whole.slice(0, length), error: '', status: 0 })).toMatchObject(unknown);
    expect(parseSimulation({ text: whole, error: 'crm_simulate: killed', status: 124 })).toEqual({
      kind: 'unknown',
      because: "the cluster's scheduler did not simulate it: crm_simulate: killed",
    });
    const refused = whole.replace(
      '<status code="0" message="OK"/>',
      '<status code="78" message="Invalid configuration"/>',
    );
    expect(parseSimulation({ text: refused, error: '', status: 0 })).toMatchObject({
      because: "the cluster's scheduler did not simulate it: Invalid configuration",
    });
    expect(parseSimulation({ text: whole.replace('<actions/>', ''), error: '', status: 0 })).toMatchObject(unknown);
  });
});

describe('the script', () => {
  let temporary: string;
  beforeEach(() => {
    temporary = mkdtempSync(join(tmpdir(), 'rackside-simulate-'));
  });
  afterEach(() => rmSync(temporary, { recursive: true }));

  /** cibadmin and the others write what they were asked into the copy; crm_simulate tells it back as the resource of one action. */
  const tools = () => `export TMPDIR='${temporary}'
timeout() { [ "$1" != --foreground ] || shift; shift; "$@"; }
note() { printf '%s\\n' "edit $*" >>"$CIB_file"; }
cibadmin() { case $1 in -Q) /bin/cat '${folder}operations/configuration/cib-rich.xml';; *) note cibadmin "$@";; esac; }
crm_attribute() { [ "$2" != nosuch ] || { echo 'one line'; echo 'Could not map name=nosuch to a UUID'; return 105; } >&2; note crm_attribute "$@"; }
crm_resource() { note crm_resource "$@"; }
crm_simulate() { printf '<r><actions><rsc_action action="start" resource="%s"/></actions><status code="0"/></r>' "$(grep ^edit "$2" | base64 -w 0)"; }`;

  async function edited(...requests: readonly (readonly CibEdit[])[]): Promise<readonly (readonly string[])[]> {
    const named = requests.map((edits, index) => ({ name: `simulation ${index}`, edits }));
    const { byName } = await simulate(localShell(tools()), named, { deadlineMs: 5000 });
    return named.map(({ name }) => {
      const simulation = byName.get(name);
      if (simulation?.kind !== 'simulated') return [simulation?.because ?? 'no answer'];
      return Buffer.from(simulation.actions[0]?.resource ?? '', 'base64')
        .toString('utf8')
        .split('\n')
        .filter(Boolean);
    });
  }

  test('each simulation has a copy of its own, and each edit is the command that does it', async () => {
    const pin = '<rsc_location id="rackside-move-r1" rsc="r1" node="c3" score="INFINITY"/>';
    expect(
      await edited(
        [],
        [{ kind: 'pin', resource: 'r1', node: 'c3' }],
        [
          { kind: 'standby', node: 'c2', value: 'on' },
          { kind: 'standby', node: 'c3', value: null },
          { kind: 'meta', resource: 'r1', name: 'allow-migrate', value: 'false' },
          { kind: 'meta', resource: 'r1', name: 'is-managed', value: null },
          { kind: 'delete', what: 'nvpair', id: 'a-1' },
          { kind: 'delete', what: 'constraint', id: 'b-1' },
          { kind: 'delete', what: 'meta-attributes', id: 'rackside-care-r1' },
        ],
      ),
    ).toEqual([
      [],
      [
        `edit cibadmin --modify --allow-create -o configuration -X <configuration><constraints>${pin}</constraints></configuration>`,
      ],
      [
        'edit crm_attribute -N c2 -n standby -v on',
        'edit crm_attribute -N c3 -n standby -D',
        'edit crm_resource -r r1 --meta -p allow-migrate -v false',
        'edit crm_resource -r r1 --meta -d is-managed',
        'edit cibadmin --delete --xpath /cib/configuration//nvpair[@id="a-1"]',
        'edit cibadmin --delete --xpath /cib/configuration/constraints/*[@id="b-1"]',
        'edit cibadmin --delete --xpath /cib/configuration//meta_attributes[@id="rackside-care-r1"]',
      ],
    ]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('pins of many VMs are one edit, but never an argument too long for Linux', async () => {
    const pins = Array.from({ length: 2000 }, (_, index) => ({
      kind: 'pin' as const,
      resource: `vm-${index}`,
      node: 'c3',
    }));
    const args = simulateCommand([{ name: 'all', edits: pins }], 'none').args ?? [];
    expect(args.join('').match(/rackside-move-/gu)).toHaveLength(2000);
    expect(Math.max(...args.map((arg) => arg.length))).toBeLessThan(128 * 1024);
    expect(args.filter((arg) => arg === 'merge').length).toBeLessThan(5);
  });

  test('R27: a name with shell signs and quotes reaches the tools as it is', async () => {
    const node = `c'2"; $(reboot)\n& <x>`;
    const [first, second] = await edited(
      [{ kind: 'standby', node, value: 'on' }],
      [{ kind: 'pin', resource: 'r1', node }],
    );
    expect(first?.join('\n')).toContain(`edit crm_attribute -N c'2"; $(reboot)`);
    expect(second?.join('\n')).toContain(`node="c'2&quot;; $(reboot)&#10;&amp; &lt;x&gt;"`);
  });

  test('an edit that fails makes its simulation unknown, with the last of its words, and no other', async () => {
    expect(
      await edited(
        [
          { kind: 'standby', node: 'nosuch', value: 'on' },
          { kind: 'standby', node: 'c2', value: 'on' },
        ],
        [{ kind: 'standby', node: 'c2', value: 'on' }],
      ),
    ).toEqual([
      ["the cluster's scheduler did not simulate it: Could not map name=nosuch to a UUID"],
      ['edit crm_attribute -N c2 -n standby -v on'],
    ]);
  });

  test('it says which state of the cluster was copied, and asks as root where the login may not', async () => {
    const refused = `timeout() { [ "$1" != --foreground ] || shift; shift; "$@"; }\ncibadmin() { echo 'Could not connect to the CIB: Transport endpoint is not connected' >&2; return 102; }`;
    const shell = localShell(refused, tools());
    const { version, isQuorate } = await simulate(shell, [{ name: 'now', edits: [] }], { deadlineMs: 5000 });
    expect({ version, isQuorate, asked: shell.asked }).toEqual({
      version: '21.0',
      isQuorate: true,
      asked: ['none', 'root'],
    });
    await expect(simulate(localShell(refused), [], { deadlineMs: 5000 })).rejects.toMatchObject({
      problem: { code: 'cluster-not-running' },
    });
  });

  test.each(['a signal', 'a reader that goes away'])(
    'nothing is left behind when %s ends it in the middle',
    async (end) => {
      const { script, args = [] } = simulateCommand([{ name: 'now', edits: [] }], 'none');
      const slow = `${tools()}\ncrm_simulate() { sleep 0.5; }`;
      const shell = spawn('/bin/sh', ['-c', `${slow}\n${script}`, 'sh', 'nonce', ...args], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      while (readdirSync(temporary).length === 0) await setTimeout(20);
      if (end === 'a signal') shell.kill('SIGTERM');
      else shell.stdout.destroy();
      await once(shell, 'exit');
      expect(readdirSync(temporary)).toEqual([]);
    },
  );

  test('what is no XML is not merged: cibadmin would take it for nothing to do', () => {
    const request = { name: 'bad', edits: [{ kind: 'merge' as const, xml: '<constraints><rsc_location id=' }] };
    expect(() => simulateCommand([request], 'none')).toThrow('is no XML');
  });
});
