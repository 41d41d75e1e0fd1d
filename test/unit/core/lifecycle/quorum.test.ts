import { describe, expect, it } from 'vitest';
import { quorumAfterJoin, quorumAfterOff, quorumAfterRemoval } from '../../../../electron/core/lifecycle/quorum.ts';
import type { QuorumAfter } from '../../../../electron/core/lifecycle/quorum.ts';
import { quorumCases, type QuorumCase } from './quorum-cases.ts';

function afterOf({ step, node, flags, controls, online, votes, expected, needed }: QuorumCase): QuorumAfter {
  const list = flags.split(' ').filter((flag) => flag !== '');
  const view = {
    isQuorate: list.includes('Quorate'),
    votes,
    expectedVotes: expected,
    neededVotes: needed,
    flags: list,
  };
  const facts = { view, controls, online };
  const who = { isControl: node !== 'worker', isOnline: node !== 'down' };
  if (step === 'join') return quorumAfterJoin(facts);
  return step === 'off' ? quorumAfterOff(who, facts) : quorumAfterRemoval(who, facts);
}

/** As the table spells it: `holds 2/3/2 waits device`. */
function spelt(after: QuorumAfter): string {
  if (after.kind === 'unknown') return 'unknown';
  const cautions = after.kind === 'lost' ? [] : after.cautions;
  return [
    `${after.kind} ${after.votes}/${after.expected}/${after.needed}`,
    cautions.some((text) => text.includes('wait_for_all')) ? 'waits' : '',
    cautions.some((text) => text.includes('quorum device')) ? 'device' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

describe('R15: quorum after a step', () => {
  it('R15: the table has at least 50 cases, each once', () => {
    expect(quorumCases.length).toBeGreaterThanOrEqual(50);
    const keys = quorumCases.map(({ after: _after, from: _from, ...rest }) => JSON.stringify(rest));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it.each(quorumCases.map((one) => [Object.values(one).slice(0, 9).join(' '), one] as const))(
    'R15: %s',
    (_name, one) => {
      expect(spelt(afterOf(one))).toBe(one.after);
    },
  );

  it('R15: what is lost or not known says why, in figures', () => {
    for (const one of quorumCases) {
      const after = afterOf(one);
      if (after.kind !== 'holds') expect(after.because).not.toBe('');
    }
  });
});
