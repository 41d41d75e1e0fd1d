import { describe, expect, test } from 'vitest';
import {
  groupQuestions,
  namesText,
  trustedViewWords,
} from '../../../../../renderer/features/regions/questions/group.ts';
import { ownStore } from '../../../../../renderer/features/regions/questions/host-key-comparison.tsx';
import {
  changedKey,
  conversation,
  passphraseAsked,
  passwordAsked,
  unknownKey,
} from '../../../../e2e/helpers/questions.ts';

describe('a region’s questions', () => {
  test('a key that the way in and a node both showed is one line, with what was seen from inside', () => {
    const { keys, count } = groupQuestions([unknownKey('region', 5, false), unknownKey('n5', 5, true)], 'Frankfurt 2');
    expect(count).toBe(1);
    expect(keys.map(({ names, evidence }) => [names, evidence.trustedView?.via])).toEqual([
      [['Frankfurt 2', 'n5'], 'fra2-ctl-1'],
    ]);
  });

  test('a password that fifty nodes ask for is asked once; another scope’s is another question', () => {
    const many = Array.from({ length: 50 }, (_, index) => passwordAsked(`n${String(index)}`));
    const { secrets } = groupQuestions([...many, passwordAsked('n50', { scope: 'fra2/node/n50' })], 'Frankfurt 2');
    expect(secrets.map(({ names }) => names.length)).toEqual([50, 1]);
  });

  test('what has no answer here is a refusal, never a question', () => {
    const groups = groupQuestions(
      [changedKey('n5', 5, ['Rackside']), passphraseAsked, conversation(0), unknownKey('n6', 6, false)],
      'Frankfurt 2',
    );
    const { keys, secrets, conversations, refusals, count } = groups;
    expect([keys.length, secrets.length, conversations.length, refusals.length, count]).toEqual([1, 1, 1, 1, 4]);
    expect(refusals[0]?.problem.code).toBe('host-key-changed');
  });
});

test('“the same” is said only of the same type and the same fingerprint', () => {
  const { evidence } = unknownKey('n5', 5, true).problem;
  if (evidence?.kind !== 'host-key') throw new Error('an unknown key has its evidence');
  const words = (keys: readonly { type: string; fingerprint: string }[]) =>
    trustedViewWords({ ...evidence, trustedView: { via: 'c1', keys } }).words;
  const { type, fingerprint } = evidence.shown;
  expect([
    words([{ type, fingerprint }]),
    words([{ type: 'ssh-rsa', fingerprint }]),
    words([{ type, fingerprint: 'SHA256:other' }]),
    words([]),
  ]).toEqual(['c1 sees the same', 'not asked', 'not asked', 'not asked']);
});

test('names are told up to three, then counted', () => {
  expect([['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c', 'd', 'e']].map(namesText)).toEqual([
    'a',
    'a and b',
    'a, b and c',
    'a, b and 3 more',
  ]);
});

test('a place with a line is a file of the user’s; any other is our own store', () => {
  expect(['/home/tech/.ssh/known_hosts:12', 'Rackside', "Rackside's known hosts"].map(ownStore)).toEqual([
    false,
    true,
    true,
  ]);
});
