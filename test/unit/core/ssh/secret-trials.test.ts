import { expect, test } from 'vitest';
import { SecretTrials, type Trial } from '../../../../electron/core/ssh/secret-trials.ts';
import { fakeClock } from './fake-clock.ts';

const of = { kind: 'password', scope: 'r1', user: 'tech' } as const;

/** Attempts of many machines with one secret; `now` says what each has so far. */
function machines(trials: SecretTrials, names: readonly string[], value = 'a secret') {
  const got = new Map<string, Trial | { readonly kind: 'held'; readonly machine: string }>();
  for (const name of names) void trials.begin(of, value, name).then((turn) => got.set(name, turn));
  const trial = (name: string): Trial => {
    const turn = got.get(name);
    if (turn?.kind !== 'go') throw new Error(`${name} does not try: ${turn?.kind ?? 'it waits'}`);
    return turn;
  };
  const now = async (): Promise<Readonly<Record<string, string>>> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    return Object.fromEntries(names.map((name) => [name, got.get(name)?.kind ?? 'waits']));
  };
  return { now, trial };
}

test('R22: a secret that nobody has proven is tried on one machine, and on all once it was accepted', async () => {
  const { now, trial } = machines(new SecretTrials(fakeClock()), ['a', 'b', 'c']);
  expect(await now()).toEqual({ a: 'go', b: 'waits', c: 'waits' });
  trial('a').accepted();
  expect(await now()).toEqual({ a: 'go', b: 'go', c: 'go' });
  // One of them has a password of its own, which is nothing that the others have to wait for.
  trial('b').refused();
  trial('c').ended();
});

test('R22: once refused it is held, until it is supplied anew, in the same words too', async () => {
  const trials = new SecretTrials(fakeClock());
  const { now, trial } = machines(trials, ['a', 'b', 'c']);
  await now();
  trial('a').refused();
  expect(await now()).toEqual({ a: 'go', b: 'held', c: 'held' });
  expect(await machines(trials, ['a', 'd']).now()).toEqual({ a: 'held', d: 'held' });
  expect(await machines(trials, ['e'], 'another secret').now()).toEqual({ e: 'go' });
  trials.supplied({ ...of, scope: 'r2' });
  trials.supplied({ ...of, kind: 'passphrase' });
  expect(await trials.begin({ ...of, user: 'root' }, 'a secret', 'f')).toMatchObject({ kind: 'go' });
  expect(await trials.begin({ ...of, kind: 'sudo-password' }, 'a secret', 'f')).toMatchObject({ kind: 'go' });
});

test('R22: supplied anew it is tried on one machine again', async () => {
  const trials = new SecretTrials(fakeClock());
  const before = machines(trials, ['a', 'b']);
  await before.now();
  before.trial('a').refused();
  expect(await before.now()).toEqual({ a: 'go', b: 'held' });
  trials.supplied(of);
  expect(await machines(trials, ['a', 'b', 'c']).now()).toEqual({ a: 'go', b: 'waits', c: 'waits' });
});

test('the login’s password, supplied anew, is anew for sudo, which uses it where it has no other', async () => {
  const trials = new SecretTrials(fakeClock());
  const sudo = { ...of, kind: 'sudo-password' } as const;
  const turn = await trials.begin(sudo, 'a secret', 'a');
  if (turn.kind === 'go') turn.refused();
  expect(await trials.begin(sudo, 'a secret', 'b')).toEqual({ kind: 'held', machine: 'a' });
  trials.supplied(of);
  expect(await trials.begin(sudo, 'a secret', 'b')).toMatchObject({ kind: 'go' });
});

test('a machine that ends without a verdict gives its turn to the next one', async () => {
  const { now, trial } = machines(new SecretTrials(fakeClock()), ['a', 'b', 'c']);
  await now();
  trial('a').ended();
  expect(await now()).toEqual({ a: 'go', b: 'go', c: 'waits' });
});

test('machines that hang with it are never more than two, and the first is waited for 15 s', async () => {
  const clock = fakeClock();
  const { now, trial } = machines(new SecretTrials(clock), ['a', 'b', 'c']);
  clock.advance(14_999);
  expect(await now()).toEqual({ a: 'go', b: 'waits', c: 'waits' });
  clock.advance(1);
  expect(await now()).toEqual({ a: 'go', b: 'go', c: 'waits' });
  clock.advance(60_000);
  expect(await now()).toEqual({ a: 'go', b: 'go', c: 'waits' });
  trial('b').refused();
  expect(await now()).toEqual({ a: 'go', b: 'go', c: 'held' });
});

test('who waits no longer takes no turn', async () => {
  const trials = new SecretTrials(fakeClock());
  const first = await trials.begin(of, 'a secret', 'a');
  const gone = new AbortController();
  const waiting = trials.begin(of, 'a secret', 'b', gone.signal).catch((error: unknown) => error);
  gone.abort(new Error('gone'));
  expect(await waiting).toEqual(new Error('gone'));
  if (first.kind === 'go') first.ended();
  expect(await trials.begin(of, 'a secret', 'c')).toMatchObject({ kind: 'go' });
});

test('R22: a machine that refuses what others accept is not given it a second time, until it is supplied anew', async () => {
  const trials = new SecretTrials(fakeClock());
  const { now, trial } = machines(trials, ['a', 'b', 'c']);
  await now();
  trial('a').accepted();
  await now();
  trial('b').refused();
  expect(await trials.begin(of, 'a secret', 'b')).toEqual({ kind: 'held', machine: 'b' });
  expect(await trials.begin(of, 'a secret', 'd')).toMatchObject({ kind: 'go' });
  trials.supplied(of);
  expect(await trials.begin(of, 'a secret', 'b')).toMatchObject({ kind: 'go' });
});

test('R22: a machine that hangs up at a secret three times, and never accepted it, has refused it', async () => {
  const trials = new SecretTrials(fakeClock());
  const hangUp = async () => {
    const turn = await trials.begin(of, 'a secret', 'a');
    if (turn.kind === 'go') turn.hungUp();
    return turn.kind;
  };
  expect([await hangUp(), await hangUp()]).toEqual(['go', 'go']);
  expect([await hangUp(), await hangUp()]).toEqual(['go', 'held']);
});

test('a machine that has accepted a secret may hang up at it as often as it goes down and comes up', async () => {
  const trials = new SecretTrials(fakeClock());
  const first = await trials.begin(of, 'a secret', 'a');
  if (first.kind === 'go') first.accepted();
  for (let time = 0; time < 5; time += 1) {
    const turn = await trials.begin(of, 'a secret', 'a');
    expect(turn.kind).toBe('go');
    if (turn.kind === 'go') turn.hungUp();
  }
});

test('R22: a secret that is refused where it was accepted has been changed: no other machine is given it, and it is asked for once', async () => {
  const trials = new SecretTrials(fakeClock());
  for (const machine of ['a', 'b']) {
    const turn = await trials.begin(of, 'a secret', machine);
    if (turn.kind === 'go') turn.accepted();
  }
  const again = await trials.begin(of, 'a secret', 'a');
  if (again.kind === 'go') again.refused();
  expect(trials.isProven(of)).toBe(false);
  expect(await trials.begin(of, 'a secret', 'b')).toEqual({ kind: 'held', machine: 'a' });
});
