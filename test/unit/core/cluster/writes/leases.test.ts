import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  leaseValue,
  newLeaseToken,
  parseLeaseValue,
  readLease,
  releaseLease,
  swapLease,
  takeLease,
} from '../../../../../electron/core/cluster/writes/leases.ts';
import { frameSections } from '../../../../../electron/core/ssh/sections.ts';

const name = 'rackside-lease-c2';
const info = { owner: 'änna on laptop', purpose: 'maintenance', since: 1_795_461_590_000, termMs: 60_000 };
const token = '0123456789abcdef';
const mine = leaseValue(token, 3, info);
const other = leaseValue('fedcba9876543210', 0, info);

/** What a control node answers: the mark as it stands, whether it is quorate, how the write ended. */
function answer(value: string | null, { quorum = 0, write = 0 } = {}) {
  const mark = value === null ? '' : `<nvpair id="${name}-v" name="${name}" value="${value}"/>\n`;
  return frameSections([
    { name: 'write', text: '', status: write },
    { name: 'mark', text: mark, status: value === null ? 105 : 0 },
    { name: 'quorum', text: '', status: quorum },
  ]);
}

describe('a lease', () => {
  test('says who holds it, and its value is plain enough for the cluster to compare', () => {
    expect(mine).toMatch(/^0123456789abcdef\.3\.[\w-]+$/u);
    expect(parseLeaseValue(mine)).toEqual({ token, counter: 3, info });
    expect(newLeaseToken()).toMatch(/^[0-9a-f]{16}$/u);
  });

  test('whose words cannot be read is still somebody’s; what is no value at all is nobody’s', () => {
    expect(parseLeaseValue(`${token}.3.AAAA`)).toEqual({ token, counter: 3, info: null });
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        fc.pre(!/^[0-9a-f]{16}\.\d{1,15}\./u.test(text));
        expect(parseLeaseValue(text)).toBeUndefined();
      }),
    );
  });

  test.each([
    ['R20: it is taken where our value stands', answer(mine), { kind: 'done', value: mine }],
    ['R20: it is not taken where another’s stands', answer(other, { write: 105 }), { kind: 'other', value: other }],
    ['R20: status 0 is no proof where another’s value stands', answer(other), { kind: 'other', value: other }],
    [
      'R20: asked twice, the second answer finds our own value',
      answer(mine, { write: 105 }),
      { kind: 'done', value: mine },
    ],
    ['R20: without quorum nothing is held', answer(mine, { quorum: 105 }), { kind: 'no-quorum', value: mine }],
    ['R20: nobody’s, where the write did not match', answer(null, { write: 105 }), { kind: 'other', value: null }],
  ])('%s', (_name, output, expected) => {
    expect(takeLease(name, mine).parse(output)).toEqual(expected);
  });

  test('R20: a write that may still come, or an answer that broke off, proves nothing', () => {
    const { parse } = swapLease(name, other, mine);
    expect(parse(answer(other, { write: 124 })).kind).toBe('not-proven');
    expect(parse(answer(mine, { write: 124 })).kind).toBe('done');
    const whole = answer(mine);
    expect(parse({ ...whole, stdout: whole.stdout.slice(0, -5) }).kind).toBe('not-proven');
    expect(parse(frameSections([{ name: 'write', text: '', status: 0 }])).kind).toBe('not-proven');
  });

  test('is released when no value of ours stands any more, whatever else does', () => {
    const { parse } = releaseLease(name, token);
    expect(parse(answer(null)).kind).toBe('done');
    expect(parse(answer(other)).kind).toBe('done');
    expect(parse(answer(leaseValue(token, 9, info)))).toEqual({ kind: 'other', value: leaseValue(token, 9, info) });
    expect(readLease(name).parse(answer(null))).toEqual({ kind: 'done', value: null });
  });

  test('is taken, swapped and released by writes that carry the quorum and the exact value', () => {
    expect(takeLease(name, mine).shown).toContain(
      `--xpath '/cib[@have-quorum="1"]/configuration[not(crm_config/cluster_property_set[@id="${name}"])]'`,
    );
    expect(swapLease(name, other, mine).shown).toContain(
      `--replace --xpath '/cib[@have-quorum="1"]/configuration/crm_config//nvpair[@id="${name}-v" and @value="${other}"]'`,
    );
    expect(releaseLease(name, token).shown).toContain(`nvpair[starts-with(@value,"${token}.")]`);
  });
});
