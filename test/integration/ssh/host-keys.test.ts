import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { fingerprintOf } from '../../../electron/core/ssh/known-hosts.ts';
import { createSshPool } from '../../../electron/core/ssh/ssh-pool.ts';
import { memoryKnownHosts, memorySecrets, poolFor, problemFrom, targetOf } from '../../helpers/ssh-pool.ts';
import { findSshd, type Sshd, startSshd } from '../../helpers/sshd.ts';

describe.skipIf(findSshd() === undefined)('R24: the key of a real sshd', () => {
  let daemon: Sshd;
  let other: Sshd;
  let folder: string;
  beforeAll(async () => {
    daemon = await startSshd({
      hostKeyTypes: ['ed25519', 'ecdsa', 'rsa'],
      config: ['PasswordAuthentication yes'],
    });
    other = await startSshd();
    folder = mkdtempSync(join(tmpdir(), 'rackside-known-'));
  });
  afterAll(async () => {
    await daemon.close();
    await other.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function poolWith(lines: readonly string[], secrets = memorySecrets()) {
    const file = join(folder, `known-${Math.random().toString(36).slice(2)}`);
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
    const pool = createSshPool({ secrets, knownHosts: memoryKnownHosts(), knownHostsFiles: [file] });
    onTestFinished(() => pool.close());
    return pool;
  }
  const nameOf = (sshd: Sshd) => `[${sshd.address}]:${sshd.port}`;
  const keyOf = (sshd: Sshd, type: string) => sshd.hostKeys.find((key) => key.type === type) ?? { type, keyBase64: '' };

  test('R24: an unknown key is shown and asked about, before anything is sent', async () => {
    const secrets = memorySecrets({ password: 'canary' });
    const problem = await problemFrom(
      poolWith([], secrets).acquire(targetOf(daemon, { methods: [{ kind: 'password' }] }), {}),
    );
    const shown = keyOf(daemon, 'ssh-ed25519');
    expect([problem.code, problem.evidence, secrets.asked]).toEqual([
      'host-key-unknown',
      {
        kind: 'host-key',
        host: nameOf(daemon),
        shown: { type: shown.type, fingerprint: fingerprintOf(shown.keyBase64) },
        shownKeyBase64: shown.keyBase64,
        known: [],
        knownFrom: [],
        consoleCommand: 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
      },
      [],
    ]);
  });

  test.each(['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ssh-rsa'])(
    'R24: the one known type is the one the server is asked for: %s',
    async (type) => {
      const pool = poolWith([`${nameOf(daemon)} ${type} ${keyOf(daemon, type).keyBase64}`]);
      const connection = await pool.acquire(targetOf(daemon), {});
      expect(connection.hostKey).toEqual({ type, fingerprint: fingerprintOf(keyOf(daemon, type).keyBase64) });
    },
  );

  test('R24: a changed key is refused, and neither password nor key travels', async () => {
    const secrets = memorySecrets({ password: 'canary' });
    const wrong = keyOf(other, 'ssh-ed25519');
    const pool = poolWith([`${nameOf(daemon)} ${wrong.type} ${wrong.keyBase64}`], secrets);
    const before = daemon.log().length;
    const problem = await problemFrom(pool.acquire(targetOf(daemon, { methods: [{ kind: 'password' }] }), {}));
    expect(problem.code).toBe('host-key-changed');
    expect(problem.evidence).toMatchObject({ known: [{ fingerprint: fingerprintOf(wrong.keyBase64) }] });
    expect(secrets.asked).toEqual([]);
    expect(daemon.log().slice(before)).not.toMatch(/password|publickey|userauth|Failed|Accepted/i);
  });

  test('R24: a revoked key is refused', async () => {
    const key = keyOf(daemon, 'ssh-ed25519');
    const pool = poolWith([`@revoked * ${key.type} ${key.keyBase64}`]);
    expect((await problemFrom(pool.acquire(targetOf(daemon), {}))).code).toBe('host-key-revoked');
  });

  test('R24: a host known only through a certificate authority is refused clearly', async () => {
    const key = keyOf(other, 'ssh-ed25519');
    const pool = poolWith([`@cert-authority * ${key.type} ${key.keyBase64}`]);
    expect((await problemFrom(pool.acquire(targetOf(daemon), {}))).code).toBe('host-key-is-a-certificate');
  });

  test('R24: a file of known hosts that cannot be understood stops every connection', async () => {
    const pool = poolWith(['what is this']);
    expect((await problemFrom(pool.acquire(targetOf(daemon), {}))).code).toBe('known-hosts-unreadable');
  });

  test('R24: the same on a jump host, which is named with its place on the way', async () => {
    const target = targetOf(other, { jumps: [targetOf(daemon)] });
    const problem = await problemFrom(poolFor([other]).acquire(target, {}));
    expect([problem.code, problem.evidence]).toEqual([
      'host-key-unknown',
      expect.objectContaining({ host: nameOf(daemon) }),
    ]);
    expect(problem.message).toContain(`Jump host ${daemon.address} port ${daemon.port} (hop 1 of 1 on the way to`);
    const changed = await problemFrom(
      poolWith([`${nameOf(daemon)} ssh-ed25519 ${keyOf(other, 'ssh-ed25519').keyBase64}`]).acquire(target, {}),
    );
    expect(changed.code).toBe('host-key-changed');
  });
});
