import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgeHostKey } from '../../../../electron/core/ssh/host-key-check.ts';
import { KnownHosts } from '../../../../electron/core/ssh/known-hosts-files.ts';
import { fingerprintOf, lineMatches, parseKnownHosts } from '../../../../electron/core/ssh/known-hosts.ts';
import type { SshTarget } from '../../../../electron/core/ssh/transport.ts';
import { problemOf } from '#shared/problems.ts';
import { memoryKnownHosts } from '../../../helpers/ssh-pool.ts';

/** A key blob of a type; its bytes are otherwise free, since nothing here verifies a signature. */
function blob(type: string, seed: number): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(type.length);
  return Buffer.concat([head, Buffer.from(type), Buffer.alloc(32, seed)]);
}
const ed1 = blob('ssh-ed25519', 1);
const ed2 = blob('ssh-ed25519', 2);
const rsa1 = blob('ssh-rsa', 1);

function hashed(name: string): string {
  const salt = Buffer.alloc(20, 7);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rackside-known-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is decided about a server that shows `shown`, with these lines in the user's file. */
async function verdict(lines: readonly string[], shown: Buffer, host = 'node1', port = 22): Promise<string> {
  const file = join(folder, 'known_hosts');
  writeFileSync(file, `${lines.join('\n')}\n`);
  const target: SshTarget = { host, port, user: 'u', methods: [], jumps: [], secretScope: '' };
  try {
    const knowledge = await new KnownHosts(memoryKnownHosts(), [file]).about(target);
    const judged = judgeHostKey(knowledge, shown);
    return judged.kind === 'trusted' ? 'trusted' : judged.problem.code;
  } catch (error) {
    return problemOf(error)?.code ?? String(error);
  }
}
const line = (hosts: string, key: Buffer, type = key.toString('latin1', 4, 4 + key.readUInt32BE(0))) =>
  `${hosts} ${type} ${key.toString('base64')} comment here`;

describe('R24: host keys', () => {
  test.each([
    ['a match is silent', [line('node1', ed1)], ed1, 'node1', 22, 'trusted'],
    ['names compare without case', [line('NODE1', ed1)], ed1, 'node1', 22, 'trusted'],
    ['one of several names', [line('other,node1,10.0.0.1', ed1)], ed1, 'node1', 22, 'trusted'],
    ['another key of the same type is a change', [line('node1', ed1)], ed2, 'node1', 22, 'host-key-changed'],
    [
      'a key of another type than the known one is a change',
      [line('node1', ed1)],
      rsa1,
      'node1',
      22,
      'host-key-changed',
    ],
    ['one of several known types is a match', [line('node1', ed1), line('node1', rsa1)], rsa1, 'node1', 22, 'trusted'],
    ['one of several keys of a type is a match', [line('node1', ed1), line('node1', ed2)], ed2, 'node1', 22, 'trusted'],
    ['an unknown host is asked about', [line('node2', ed1)], ed1, 'node1', 22, 'host-key-unknown'],
    ['a hashed name', [line(hashed('node1'), ed1)], ed1, 'node1', 22, 'trusted'],
    ['a hashed name with another key', [line(hashed('node1'), ed1)], ed2, 'node1', 22, 'host-key-changed'],
    ['a hashed name of another host', [line(hashed('node2'), ed1)], ed1, 'node1', 22, 'host-key-unknown'],
    ['another port has a name of its own', [line('[node1]:2222', ed1)], ed1, 'node1', 2222, 'trusted'],
    ['a changed key on another port', [line('[node1]:2222', ed1)], ed2, 'node1', 2222, 'host-key-changed'],
    ['the port matters', [line('[node1]:2222', ed1)], ed1, 'node1', 22, 'host-key-unknown'],
    ['a hashed name with a port', [line(hashed('[node1]:2222'), ed1)], ed1, 'node1', 2222, 'trusted'],
    ['the very key of port 22 is the same machine', [line('node1', ed1)], ed1, 'node1', 2222, 'trusted'],
    ['another key than that of port 22 is unknown', [line('node1', ed1)], ed2, 'node1', 2222, 'host-key-unknown'],
    ['a pattern', [line('*.lab,node?', ed1)], ed1, 'node1', 22, 'trusted'],
    ['a negated pattern wins', [line('node*,!node1', ed1)], ed1, 'node1', 22, 'host-key-unknown'],
    ['a revoked key is refused', [`@revoked ${line('node1', ed1)}`], ed1, 'node1', 22, 'host-key-revoked'],
    ['revoked beats trusted', [line('node1', ed1), `@revoked ${line('*', ed1)}`], ed1, 'node1', 22, 'host-key-revoked'],
    [
      'a revoked key of others does not matter',
      [line('node1', ed1), `@revoked ${line('*', ed2)}`],
      ed1,
      'node1',
      22,
      'trusted',
    ],
    [
      'a host trusted by certificate only is refused clearly',
      [`@cert-authority ${line('*', ed2)}`],
      ed1,
      'node1',
      22,
      'host-key-is-a-certificate',
    ],
    [
      'the key of an authority proves no machine by itself',
      [`@cert-authority ${line('*', ed1)}`],
      ed1,
      'node1',
      22,
      'host-key-is-a-certificate',
    ],
    [
      'a plain key beside an authority is enough',
      [`@cert-authority ${line('*', ed2)}`, line('node1', ed1)],
      ed1,
      'node1',
      22,
      'trusted',
    ],
    [
      'comments, empty lines and SSH 1 keys are skipped',
      ['# a comment', '', 'node1 1024 35 123456', line('node1', ed1)],
      ed1,
      'node1',
      22,
      'trusted',
    ],
    [
      'a line of two fields fails closed',
      [line('node1', ed1), 'node2 ssh-ed25519'],
      ed1,
      'node1',
      22,
      'known-hosts-unreadable',
    ],
    [
      'an unknown marker fails closed',
      [line('node1', ed1), `@trusted ${line('x', ed2)}`],
      ed1,
      'node1',
      22,
      'known-hosts-unreadable',
    ],
    [
      'a damaged hash fails closed',
      [line('node1', ed1), line('|1|abc', ed2)],
      ed1,
      'node1',
      22,
      'known-hosts-unreadable',
    ],
    ['a key that is not base64 fails closed', ['node1 ssh-ed25519 !!!!'], ed1, 'node1', 22, 'known-hosts-unreadable'],
    [
      'a key of another type than it says fails closed',
      [line('node1', ed1, 'ssh-rsa')],
      ed1,
      'node1',
      22,
      'known-hosts-unreadable',
    ],
  ] as const)('R24: %s', async (_name, lines, shown, host, port, expected) => {
    expect(await verdict(lines, shown, host, port)).toBe(expected);
  });

  test('R24: a missing file is an empty one, an unreadable one fails closed', async () => {
    const target: SshTarget = { host: 'node1', port: 22, user: 'u', methods: [], jumps: [], secretScope: '' };
    const missing = await new KnownHosts(memoryKnownHosts(), [join(folder, 'none')]).about(target);
    expect(missing.keys).toEqual([]);
    // A folder in its place cannot be read by anybody, root included.
    const error: unknown = await new KnownHosts(memoryKnownHosts(), [folder])
      .about(target)
      .catch((caught: unknown) => caught);
    expect(problemOf(error)?.code).toBe('known-hosts-unreadable');
  });

  test('R24: a changed key is told with the old beside the new, where the old stands, and how to compare', async () => {
    const file = join(folder, 'known_hosts');
    writeFileSync(file, `# mine\n${line('node1', ed1)}\n`);
    const target: SshTarget = { host: 'node1', port: 22, user: 'u', methods: [], jumps: [], secretScope: '' };
    const judged = judgeHostKey(await new KnownHosts(memoryKnownHosts(), [file]).about(target), ed2);
    expect(judged.kind === 'refused' && judged.problem.evidence).toEqual({
      kind: 'host-key',
      host: 'node1',
      shown: { type: 'ssh-ed25519', fingerprint: fingerprintOf(ed2.toString('base64')) },
      shownKeyBase64: ed2.toString('base64'),
      known: [{ type: 'ssh-ed25519', fingerprint: fingerprintOf(ed1.toString('base64')) }],
      knownFrom: [`${file}:2`],
      consoleCommand: 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
    });
  });

  test('R24: a file that changes is read again', async () => {
    const file = join(folder, 'changing');
    writeFileSync(file, `${line('node1', ed1)}\n`);
    const target: SshTarget = { host: 'node1', port: 22, user: 'u', methods: [], jumps: [], secretScope: '' };
    const known = new KnownHosts(memoryKnownHosts(), [file]);
    expect((await known.about(target)).keys).toHaveLength(1);
    writeFileSync(file, `${line('node1', ed1)}\n@revoked ${line('node1', ed1)}\n`);
    expect(judgeHostKey(await known.about(target), ed1)).toMatchObject({ problem: { code: 'host-key-revoked' } });
  });
});

test('names hashed by OpenSSH itself, and its fingerprints, are understood', () => {
  const key = join(folder, 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ecdsa', '-N', '', '-f', key]);
  const [type = '', base64 = ''] = readFileSync(`${key}.pub`, 'utf8').split(' ');
  const file = join(folder, 'to-hash');
  writeFileSync(file, `node1 ${type} ${base64}\n[node1]:2222 ${type} ${base64}\n`);
  execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
  const parsed = parseKnownHosts(readFileSync(file, 'utf8'));
  if (parsed.kind !== 'lines') throw new Error(parsed.why);
  expect(
    parsed.lines.map((one) => [one.hosts.slice(0, 3), lineMatches(one, 'node1'), lineMatches(one, '[node1]:2222')]),
  ).toEqual([
    ['|1|', true, false],
    ['|1|', false, true],
  ]);
  const told = execFileSync('ssh-keygen', ['-lf', `${key}.pub`], { encoding: 'utf8' });
  expect(told).toContain(fingerprintOf(base64));
});
