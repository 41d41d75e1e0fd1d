import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configurationOf, togetherWith } from '../../../../../electron/core/cluster/writes/configuration.ts';
import { moveScript } from '../../../../../electron/core/cluster/writes/move-script.ts';
import {
  moveTimes,
  moveUnitName,
  showMoveUnit,
  startMoveUnit,
} from '../../../../../electron/core/cluster/writes/move-unit.ts';
import {
  carePath,
  hold,
  holdPath,
  pin,
  pinPath,
  readClock,
  unitMarkPath,
  unmanage,
} from '../../../../../electron/core/cluster/writes/moves.ts';
import { startUnit } from '../../../../../electron/core/cluster/writes/unit.ts';
import { frameSections } from '../../../../../electron/core/ssh/sections.ts';
import { hostileText, parametersAfter } from './hostile.ts';

const id = { resource: 'vm1', value: 'op1.a1' };
const until = Date.UTC(2026, 10, 22, 16, 34, 51, 999);
const way = {
  domain: 'vm1',
  source: 'c2',
  target: 'w1',
  mibPerSecond: null,
  times: moveTimes(600),
  unmanagedUntilMs: until,
};

/** The script that systemd passes on, as sh gets it. */
function scriptOf(command: ReturnType<typeof startMoveUnit>): string {
  return Buffer.from(command.command.args?.at(-1) ?? '', 'base64').toString('utf8');
}

describe('what a move writes into the cluster', () => {
  test('a hold bars everything but what runs there, by ids that are no patterns', () => {
    expect(configurationOf(hold('c2', ['vm1', 'a.b', 'power'])).text).toBe(
      '<configuration><constraints><rsc_location id="rackside-hold-c2" rsc-pattern="!^(vm1|a\\.b|power)$" node="c2" score="-INFINITY"/></constraints></configuration>',
    );
    expect(configurationOf(hold('c2', [])).text).toContain('rsc-pattern="!^$"');
    expect(holdPath('c2')).toBe('constraints/rsc_location[@id="rackside-hold-c2"]');
  });

  test('the pattern of a hold matches exactly the ids that stay, in the regular expressions that Pacemaker uses', () => {
    const ids = ['vm1', 'vm10', 'a.b', 'axb', 'a-b_c', 'x'];
    const [, pattern = ''] =
      /rsc-pattern="!([^"]*)"/u.exec(configurationOf(hold('c2', ['vm1', 'a.b', 'a-b_c'])).text) ?? [];
    const { stdout } = spawnSync('grep', ['-E', pattern], { input: ids.join('\n'), encoding: 'utf8' });
    expect(stdout.trim().split('\n')).toEqual(['vm1', 'a.b', 'a-b_c']);
  });

  test('R31: the unmanaging ends by itself, in whole seconds of UTC, and comes with the mark of its one unit', () => {
    expect(configurationOf(unmanage('vm1', until, 'op1.a1')).text).toBe(
      '<configuration><crm_config><cluster_property_set id="rackside-unit-vm1"><nvpair id="rackside-unit-vm1-v" name="rackside-unit-vm1" value="op1.a1"/></cluster_property_set></crm_config>' +
        '<resources><primitive id="vm1"><meta_attributes id="rackside-care-vm1" score="100"><rule id="rackside-care-vm1-r" score="0">' +
        '<date_expression id="rackside-care-vm1-d" operation="lt" end="2026-11-22T16:34:51Z"/></rule>' +
        '<nvpair id="rackside-care-vm1-v" name="is-managed" value="false"/></meta_attributes></primitive></resources></configuration>',
    );
    expect(carePath('vm1')).toBe('resources//primitive[@id="vm1"]/meta_attributes[@id="rackside-care-vm1"]');
    expect(unitMarkPath('vm1', 'op1.a1')).toBe(
      'crm_config/cluster_property_set[@id="rackside-unit-vm1" and nvpair[@value="op1.a1"]]',
    );
  });

  test('a pin binds to one node, and is found by it', () => {
    expect(configurationOf(pin('vm1', 'c3')).text).toContain(
      '<rsc_location id="rackside-move-vm1" rsc="vm1" node="c3" score="INFINITY"/>',
    );
    expect(pinPath('vm1', 'c3')).toBe('constraints/rsc_location[@id="rackside-move-vm1" and @node="c3"]');
  });

  test('the clock that ends the unmanaging is read as it is, or not at all', () => {
    const { parse } = readClock();
    expect(parse(frameSections([{ name: 'run', text: '1795461590\n', status: 0 }]))).toBe(1_795_461_590_000);
    expect(parse(frameSections([{ name: 'run', text: 'Sun Nov 22\n', status: 0 }]))).toBeNull();
  });
});

describe('the move unit', () => {
  test('R31: the unmanaging outlasts everything that the unit may do, ended by systemd or not', () => {
    for (const moveSeconds of [0, 5, 600, 86_400]) {
      const { handBackSeconds, runtimeSeconds, careSeconds } = moveTimes(moveSeconds, 300, 60);
      expect(runtimeSeconds).toBeGreaterThan(moveSeconds + 20 + handBackSeconds);
      expect(careSeconds).toBeGreaterThan(60 + runtimeSeconds + 120);
    }
  });

  test('R27: whatever a domain is called, the script receives exactly that, and systemd sees only base64', () => {
    fc.assert(
      fc.property(hostileText, (domain) => {
        const start = startMoveUnit(id, { ...way, domain });
        expect(start.command.args?.at(-1)).toMatch(/^[A-Za-z0-9+/=]+$/u);
        const script = scriptOf(start);
        expect(script.endsWith(moveScript)).toBe(true);
        expect(parametersAfter(script.slice(0, -moveScript.length))).toEqual([
          'vm1',
          domain,
          'c2',
          'w1',
          'rackside-unit-vm1',
          'op1.a1',
          '0',
          '600',
          '300',
          String(Math.floor(until / 1000)),
          configurationOf(togetherWith(unmanage('vm1', until, 'op1.a1'), pin('vm1', 'w1'))).text,
        ]);
      }),
      { numRuns: 60 },
    );
  });

  test('is started once by its name, with its times, and is far below what one argument may hold', () => {
    const { command, shown } = startMoveUnit(id, way);
    expect(command.args?.slice(0, 11)).toEqual([
      'systemd-run',
      '-q',
      '--unit=rackside-op1.a1-vm1.service',
      '--description=rackside-op1.a1-vm1.service',
      '-p',
      'RemainAfterExit=yes',
      '-p',
      'RuntimeMaxSec=990',
      '-p',
      'TimeoutStopSec=120',
      '/bin/sh',
    ]);
    expect(command.args?.at(-1)?.length).toBeLessThan(16_384);
    expect(shown).toContain('‹move-script› vm1 vm1 c2 w1 rackside-unit-vm1 op1.a1 0 600 300');
    expect(shown).not.toContain(command.args?.at(-1));
  });

  test('its script is one that a real sh can read', () => {
    expect(spawnSync('/bin/sh', ['-n'], { input: moveScript, encoding: 'utf8' }).stderr).toBe('');
  });

  test('two units never share a name, whatever characters a resource has', () => {
    expect(moveUnitName({ resource: 'vm-ä', value: 'op' })).toBe('rackside-op-vm-:c3:a4.service');
    expect(() => startUnit('other.service', ['true'], 5)).toThrow(/no unit of ours/u);
    expect(() => startUnit('rackside-x.service', ['echo', '$HOME'], 5)).toThrow(/expand/u);
  });

  test.each([
    [{ status: 0, error: '' }, 'started'],
    [
      {
        status: 1,
        error:
          'Failed to start transient service unit: Unit rackside-x.service was already loaded or has a fragment file.',
      },
      'exists',
    ],
    [{ status: 1, error: 'Failed to start transient service unit: Access denied' }, 'not-started'],
  ])('R3: starting it answers %j as %s', (answer, kind) => {
    expect(startMoveUnit(id, way).parse(frameSections([{ name: 'run', text: '', ...answer }])).kind).toBe(kind);
  });

  const end = '{"rackside":"end","vm":"vm1","on":"w1","managed":true,"move_rc":0,"rc":0,"s":13,"why":""}';
  const moved = '{"rackside":"moved","vm":"vm1","on":"?","managed":false,"move_rc":0,"rc":-1,"s":8,"why":""}';
  const ended = { isEnd: true, on: 'w1', isManaged: true, migrateStatus: 0, result: 0, seconds: 13, why: '' };
  const shows = (load: string, active: string, sub: string, result: string, status: number) =>
    `LoadState=${load}\nActiveState=${active}\nSubState=${sub}\nResult=${result}\nExecMainStatus=${status}\n`;
  test.each([
    ['moves', shows('loaded', 'active', 'running', 'success', 0), '', { kind: 'running', report: null }],
    [
      'hands back',
      shows('loaded', 'active', 'running', 'success', 0),
      moved,
      { kind: 'running', report: { ...ended, isEnd: false, on: null, isManaged: false, result: -1, seconds: 8 } },
    ],
    ['stops', shows('loaded', 'deactivating', 'stop-sigterm', 'success', 0), '', { kind: 'running', report: null }],
    [
      'has moved',
      shows('loaded', 'active', 'exited', 'success', 0),
      `${moved}\n${end}`,
      { kind: 'ended', exitStatus: 0, report: ended },
    ],
    [
      'has not',
      shows('loaded', 'failed', 'failed', 'exit-code', 1),
      end,
      { kind: 'ended', exitStatus: 1, report: ended },
    ],
    [
      'was ended',
      shows('loaded', 'failed', 'failed', 'timeout', 1),
      '',
      { kind: 'ended', exitStatus: null, report: null },
    ],
    ['is not known', shows('not-found', 'inactive', 'dead', 'success', 0), end, { kind: 'absent', report: ended }],
  ])('a unit that %s is told so, by systemd and by its own last words', (_name, show, journal, expected) => {
    const output = frameSections([
      { name: 'run', text: show, status: 0 },
      { name: 'journal', text: `Started rackside-op1.\n${journal}\nnoise {"rackside":"end"\n`, status: 0 },
    ]);
    expect(showMoveUnit(id).parse(output)).toEqual(expected);
  });
});
