import { expect, test } from 'vitest';
import { reachProblem } from '../../../../electron/core/ssh/reach-problems.ts';
import type { SshTarget } from '../../../../electron/core/ssh/transport.ts';

const at = (host: string): SshTarget => ({ host, port: 22, user: 'root', methods: [], jumps: [], secretScope: '' });

/** What ssh2's client makes of a forward that was rejected with these words. */
const rejected = (reason: number, words: string) =>
  Object.assign(new Error(`(SSH) Channel open failure: ${words}`), { reason });

const said = (reason: number, words: string): string => {
  const context = { target: at('10.0.0.7'), via: at('10.0.0.1'), firstWords: '' };
  const { code, message } = reachProblem(rejected(reason, words), context);
  return `${code}: ${message}`;
};

const noWay = 'There is no way to 10.0.0.7 (through the jump host 10.0.0.1) from there';

// The words that OpenSSH's sshd was seen to send, and those of a server that sends none.
test.each([
  [2, 'No route to host', `address-unreachable: ${noWay} (No route to host).`],
  [2, 'open failed', `address-unreachable: ${noWay}.`],
  [2, '', `address-unreachable: ${noWay}.`],
  [
    2,
    'Connection timed out',
    'connection-timed-out: 10.0.0.7 (through the jump host 10.0.0.1) did not answer on port 22.',
  ],
  [
    2,
    'Connection refused',
    'connection-refused: 10.0.0.7 (through the jump host 10.0.0.1) refused the connection to port 22: the machine is there, but nothing listens.',
  ],
  [
    1,
    'open failed',
    'jump-host-failed: The jump host 10.0.0.1 does not forward connections to 10.0.0.7 (open failed).',
  ],
])('a forward that is rejected with reason %i and “%s” is told as what it is', (reason, words, expected) => {
  expect(said(reason, words)).toBe(expected);
});
