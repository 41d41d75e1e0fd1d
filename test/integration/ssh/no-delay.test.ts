import { execFileSync, spawnSync } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { poolFor, targetOf } from '../../helpers/ssh-pool.ts';
import { findSshd, startSshd } from '../../helpers/sshd.ts';

/** Reads TCP_NODELAY of the socket that it is given as its descriptor 3, as the kernel has it. */
const askKernel =
  'use Socket qw(:DEFAULT IPPROTO_TCP TCP_NODELAY); open(my $s, "+<&=", 3) or die; ' +
  'print unpack("i", getsockopt($s, IPPROTO_TCP, TCP_NODELAY))';

const hasPerl = spawnSync('perl', ['-MSocket', '-e', '1']).status === 0;

describe.skipIf(findSshd() === undefined || !hasPerl)('a connection to a node', () => {
  test('has no delay: the kernel sends a short command at once, and does not wait for the answer to the last one', async () => {
    const daemon = await startSshd({});
    onTestFinished(() => daemon.close());
    const opened: Socket[] = [];
    const onSocket = (message: unknown): void => {
      opened.push((message as { readonly socket: Socket }).socket);
    };
    subscribe('net.client.socket', onSocket);
    onTestFinished(() => {
      unsubscribe('net.client.socket', onSocket);
    });
    const pool = poolFor([daemon]);
    onTestFinished(() => pool.close());
    await pool.acquire(targetOf(daemon), {});
    const ours = opened.filter((socket) => socket.remotePort === daemon.port);
    expect(ours).toHaveLength(1);
    const descriptor = (ours[0] as unknown as { readonly _handle: { readonly fd: number } })._handle.fd;
    const answer = execFileSync('perl', ['-e', askKernel], {
      stdio: ['ignore', 'pipe', 'inherit', descriptor],
      encoding: 'utf8',
    });
    expect(answer).toBe('1');
  });
});
