import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createSecretKeeper } from '../../../electron/core/region/secret-keeper.ts';
import { poolFor, problemFrom, targetOf } from '../../helpers/ssh-pool.ts';
import { findSshd, type Sshd, startSshd } from '../../helpers/sshd.ts';
import { makeTestUser, type TestUser, whyNoTestUser } from '../../helpers/test-user.ts';

const cannot = findSshd() === undefined ? 'there is no sshd' : whyNoTestUser();
const oddAddress = '127.0.23.99';
const addresses = Array.from({ length: 12 }, (_, index) => `127.0.23.${String(index + 1)}`);

/** A secret as the program keeps it: for the session, supplied by a person. */
function keeper() {
  const stored = new Map<string, Uint8Array>();
  return createSecretKeeper({
    vault: { kind: 'session-only', because: 'there is no keychain' },
    repository: {
      get: (key) => stored.get(key),
      set: (key, _scope, value) => stored.set(key, value),
      forgetScope: () => stored.clear(),
    },
    redact: () => {},
  });
}

describe.skipIf(cannot !== undefined)(
  `one wrong password and a region of nodes${cannot === undefined ? '' : ` (skipped: ${cannot})`}`,
  () => {
    let user: TestUser;
    beforeAll(() => {
      user = makeTestUser();
    });
    afterAll(() => user.remove());

    /** A region of 12 nodes that know the same account, each an address of real daemons. */
    async function region(config: readonly string[], methods: readonly ('password' | 'keyboard-interactive')[]) {
      // One daemon stands for twelve: its limit of logins under way is theirs together.
      const daemon = await startSshd({ addresses, config: ['UsePAM yes', 'MaxStartups 100', ...config] });
      onTestFinished(() => daemon.close());
      const secrets = keeper();
      const pool = poolFor([daemon], { secrets, addresses: [...addresses, oddAddress] });
      onTestFinished(() => pool.close());
      const targets = addresses.map((host) =>
        targetOf(daemon, { host, user: user.name, methods: methods.map((kind) => ({ kind })) }),
      );
      const supply = (value: string, secretScope = 'test') =>
        secrets.supply({ kind: 'password', scope: secretScope, user: user.name, host: '' }, value, false);
      return { daemon, pool, supply, targets };
    }
    const refusals = (daemon: Sshd): number =>
      daemon.log().match(/^Failed (?:password|keyboard-interactive\/pam) for/gm)?.length ?? 0;

    test.each([
      ['password', ['PasswordAuthentication yes'], ['password']],
      ['keyboard-interactive', ['KbdInteractiveAuthentication yes'], ['keyboard-interactive']],
      [
        'both',
        ['PasswordAuthentication yes', 'KbdInteractiveAuthentication yes'],
        ['password', 'keyboard-interactive'],
      ],
    ] as const)(
      'R22: by %s it is tried once for all nodes, and again only when it was entered anew',
      async (...row) => {
        const [, config, methods] = row;
        const { daemon, pool, supply, targets } = await region(config, methods);
        await supply('wrong');
        const problems = await Promise.all(targets.map((target) => problemFrom(pool.acquire(target, {}))));
        expect(refusals(daemon)).toBe(1);
        expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['authentication-failed']));
        expect(new Set(problems.map(({ evidence }) => evidence?.kind))).toEqual(new Set(['secret']));
        const held = problems.filter(({ message }) => message.includes('was not told the password'));
        expect(held).toHaveLength(11);
        expect(held[0]?.message).toMatch(
          new RegExp(
            `^127\\.0\\.23\\.\\d+ port ${daemon.port} was not told the password of ${user.name}, because 127\\.0`,
          ),
        );

        // Another round, as after `regions.retry`, costs nothing.
        await Promise.all(targets.map((target) => problemFrom(pool.acquire(target, {}))));
        expect(refusals(daemon)).toBe(1);

        // The same words again are a person's wish, and one attempt.
        await supply('wrong');
        await Promise.all(targets.map((target) => problemFrom(pool.acquire(target, {}))));
        expect(refusals(daemon)).toBe(2);

        await supply(user.password);
        for (const connection of await Promise.all(targets.map((target) => pool.acquire(target, {})))) {
          connection.release();
        }
        expect(refusals(daemon)).toBe(2);
      },
    );

    test('R22: a password that was accepted by one node is not held because another one has its own', async () => {
      const { daemon, pool, supply, targets } = await region(['PasswordAuthentication yes'], ['password']);
      const [first, ...others] = targets;
      if (!first) throw new Error('there are 12');
      await supply(user.password);
      const kept = await pool.acquire(first, {});
      onTestFinished(() => kept.release());
      // A node that does not let this account in refuses its password in the same words as a wrong one.
      const odd = await startSshd({
        config: ['UsePAM yes', 'PasswordAuthentication yes', `DenyUsers ${user.name}`],
        hostKeysOf: daemon,
        port: daemon.port,
        addresses: [oddAddress],
      });
      onTestFinished(() => odd.close());
      expect((await problemFrom(pool.acquire({ ...first, host: oddAddress }, {}))).message).toContain(
        'Tried: password',
      );
      expect(refusals(odd)).toBe(1);
      // Whoever asks that node for anything next does not send it again: a few refusals more would lock the account.
      const again = await problemFrom(pool.acquire({ ...first, host: oddAddress }, {}));
      expect(again.code).toBe('authentication-failed');
      expect(again.message).toContain('it was not entered again since');
      expect(refusals(odd)).toBe(1);
      // It is asked for a password of its own: an answer for the region would take the place of the one that all others accept.
      expect(again.evidence).toMatchObject({ kind: 'secret', scope: `test/at/${oddAddress}`, user: user.name });
      expect(again.advice).toContain('is for');
      await supply('its own', `test/at/${oddAddress}`);
      await problemFrom(pool.acquire({ ...first, host: oddAddress }, {}));
      expect(refusals(odd)).toBe(2);
      const all = await Promise.all(others.map((target) => pool.acquire(target, {})));
      for (const connection of all) connection.release();
      expect(refusals(daemon)).toBe(0);
    });

    test('R22: the scope of one node holds nothing of another scope', async () => {
      const { daemon, pool, supply, targets } = await region(['PasswordAuthentication yes'], ['password']);
      const [first, second] = targets;
      if (!first || !second) throw new Error('there are 12');
      await supply('wrong');
      await supply(user.password, 'another');
      await problemFrom(pool.acquire(first, {}));
      (await pool.acquire({ ...second, secretScope: 'another' }, {})).release();
      expect(refusals(daemon)).toBe(1);
    });
  },
);
