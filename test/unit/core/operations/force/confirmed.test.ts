import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  digestOf,
  requireAllShown,
  requireConfirmed,
  requireStuck,
} from '../../../../../electron/core/operations/force/start-force.ts';
import { nodeId } from '../../../../../shared/model/ids.ts';
import type { ForceOverride } from '../../../../../shared/model/maintenance.ts';
import type { Operation, OperationState } from '../../../../../shared/model/operation.ts';
import { problemOf } from '../../../../../shared/problems.ts';

const tick = (id: string): ForceOverride => ({ id, title: `Stop ${id}`, words: '', statement: null, isTold: false });
const typed = (id: string, statement: string): ForceOverride => ({ ...tick(id), statement });
const told = (id: string): ForceOverride => ({ ...tick(id), isTold: true });

const off = typed('statement:power-off', 'lab-c2 is powered off');
const pool = typed('statement:data-pools', 'data on lab-c2 may be lost');

function codeOf(
  overrides: readonly ForceOverride[],
  ticked: readonly string[],
  statements: Readonly<Record<string, string>> = {},
): string {
  try {
    requireConfirmed(overrides, { ticked, statements });
    return 'confirmed';
  } catch (error) {
    return problemOf(error)?.code ?? 'a bug';
  }
}

describe('R10, R11: what has to be confirmed', () => {
  test.each([
    ['nothing but what is only told', [told('told:fence')], [], {}, 'confirmed'],
    ['a VM that is ticked', [tick('vm:a')], ['vm:a'], {}, 'confirmed'],
    ['a VM that is not ticked', [tick('vm:a')], [], {}, 'statement-missing'],
    ['one of two VMs', [tick('vm:a'), tick('vm:b')], ['vm:a'], {}, 'statement-missing'],
    ['a tick for something that is not asked', [tick('vm:a')], ['vm:b'], {}, 'statement-missing'],
    ['more ticks than are asked', [tick('vm:a')], ['vm:a', 'vm:z'], {}, 'confirmed'],
    ['a text where a tick is asked', [tick('vm:a')], [], { 'vm:a': 'vm:a' }, 'statement-missing'],
    ['R11: a tick where a statement is asked', [off], ['statement:power-off'], {}, 'statement-missing'],
    ['R11: the statement', [off], [], { 'statement:power-off': 'lab-c2 is powered off' }, 'confirmed'],
    ['R11: of another node', [off], [], { 'statement:power-off': 'lab-c3 is powered off' }, 'statement-missing'],
    ['R11: in other capitals', [off], [], { 'statement:power-off': 'LAB-C2 is powered off' }, 'statement-missing'],
    ['R11: a part of it', [off], [], { 'statement:power-off': 'is powered off' }, 'statement-missing'],
    ['R11: empty', [off], [], { 'statement:power-off': '' }, 'statement-missing'],
    ['R11: under the other line', [off], [], { 'statement:data-pools': 'lab-c2 is powered off' }, 'statement-missing'],
    [
      'one statement for both',
      [off, pool],
      [],
      { 'statement:power-off': 'lab-c2 is powered off' },
      'statement-missing',
    ],
    [
      'each its own',
      [off, pool],
      [],
      { 'statement:power-off': 'lab-c2 is powered off', 'statement:data-pools': ' data on lab-c2 may be lost ' },
      'confirmed',
    ],
  ] as const)('%s', (_, overrides, ticked, statements, expected) => {
    expect(codeOf(overrides, ticked, statements)).toBe(expected);
  });

  test('R10: letters that look the same are the same: a statement typed decomposed is the statement', () => {
    const statement = 'Ü1 is powered off';
    expect(
      codeOf([typed('statement:power-off', statement)], [], { 'statement:power-off': statement.normalize('NFD') }),
    ).toBe('confirmed');
  });

  test('R10: names of properties that every object has are no confirmation', () => {
    for (const id of ['constructor', '__proto__', 'toString']) {
      expect(codeOf([tick(id)], [])).toBe('statement-missing');
      expect(codeOf([typed(id, 'x is powered off')], [])).toBe('statement-missing');
    }
  });

  test('R10: no set of ticks passes but one that has every line', () => {
    const ids = ['vm:a', 'vm:b', 'check:x', 'domain:d'];
    fc.assert(
      fc.property(fc.subarray(ids), fc.subarray(ids), (asked, ticked) => {
        const isWhole = asked.every((id) => ticked.includes(id));
        expect(codeOf(asked.map(tick), ticked)).toBe(isWhole ? 'confirmed' : 'statement-missing');
      }),
    );
  });
});

describe('R10: what was shown is what is confirmed', () => {
  const judged = { neverOverridden: [], refused: null } as const;
  const of = (overrides: readonly ForceOverride[], sequence: 'reachable' | 'unreachable' = 'reachable') =>
    digestOf({ ...judged, sequence, overrides });

  test('another order, or other words, is the same thing', () => {
    expect(of([tick('vm:a'), off])).toBe(
      of([
        { ...off, title: 'Off' },
        { ...tick('vm:a'), words: 'x' },
      ]),
    );
  });

  test('R9: a VM that was to start elsewhere, and for which nobody has room any more, is another thing', () => {
    const elsewhere = { ...tick('vm:a'), title: 'Stop a, start it elsewhere' };
    expect(of([elsewhere, off])).not.toBe(of([{ ...elsewhere, title: 'Stop a' }, off]));
  });

  test('R11: one more line, one less, another way, another statement or a tick that became a statement is another thing', () => {
    const shown = of([tick('vm:a'), off]);
    expect(of([tick('vm:a'), off, tick('vm:b')])).not.toBe(shown);
    expect(of([tick('vm:a')])).not.toBe(shown);
    expect(of([tick('vm:a'), off], 'unreachable')).not.toBe(shown);
    expect(of([tick('vm:a'), { ...off, statement: 'lab-c3 is powered off' }])).not.toBe(shown);
    expect(of([tick('vm:a'), { ...off, statement: null }])).not.toBe(shown);
    expect(of([told('vm:a'), off])).not.toBe(shown);
  });
});

test('R9, R10: a VM that came after the lines were confirmed has none, so nothing is begun and it is named', () => {
  const lines = [tick('vm:a'), tick('vm:b'), tick('domain:c')];
  expect(() => requireAllShown(new Set(['a', 'b']), lines, 'c2')).not.toThrow();
  expect(() => requireAllShown(new Set(['a', 'c', 'd']), lines, 'c2')).toThrow(/^plan-changed: c, d came to c2 /u);
});

describe('R20: only what stands still is forced', () => {
  const id = nodeId('member:c2');
  const problem = { code: 'step-failed', message: 'x', advice: 'y' } as const;
  const states: readonly (readonly [OperationState, boolean])[] = [
    [{ kind: 'failed', at: 1, problem }, true],
    [{ kind: 'unattended', since: 1 }, true],
    [{ kind: 'ended', at: 1, outcome: 'partly', left: [] }, true],
    [{ kind: 'running' }, false],
    [{ kind: 'cancelling', since: 1 }, false],
    [{ kind: 'queued', behind: 'c1' }, false],
    [{ kind: 'elsewhere', owner: 'anna on kestrel' }, false],
  ];
  const on = (state: OperationState): Operation => ({
    ...({} as Operation),
    nodeId: id,
    nodeName: 'c2',
    command: 'maintenance',
    owner: 'bert on lap-7',
    state,
  });

  test.each(states)('%j: %s', (state, isAllowed) => {
    const force = () => requireStuck({ list: () => [on(state)] }, id);
    if (isAllowed) expect(force).not.toThrow();
    else
      expect(force).toThrow(
        /Force maintenance of c2 was refused: Maintenance by (anna on kestrel|bert on lap-7) is under way/u,
      );
    expect(() => requireStuck({ list: () => [on(state)] }, nodeId('member:c1'))).not.toThrow();
  });
});
