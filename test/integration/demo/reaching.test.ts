import { expect, test } from 'vitest';
import { startDemo } from '../../../electron/demo/demo.ts';
import { createSshPool } from '../../../electron/core/ssh/ssh-pool.ts';
import type { SshTarget } from '../../../electron/core/ssh/transport.ts';
import { memoryKnownHosts, memorySecrets, problemFrom } from '../../helpers/ssh-pool.ts';

test('a node without power is told as one that its jump host finds no way to', async ({ onTestFinished }) => {
  const demo = await startDemo({ nodes: 12, seed: 1, speed: 20 }, () => undefined);
  onTestFinished(() => demo.close());
  const { user, password, jump, hostKeys } = demo.ready;
  const knownHosts = memoryKnownHosts();
  for (const key of hostKeys) knownHosts.trust(key.host, key.port, key);
  const pool = createSshPool({ secrets: memorySecrets({ password }), knownHosts, knownHostsFiles: [] });
  onTestFinished(() => pool.close());
  const off = demo.world.members().find(({ power }) => power === 'off') ?? expect.unreachable();
  const at = (host: string, port: number, jumps: readonly SshTarget[]): SshTarget => ({
    host,
    port,
    user,
    methods: [{ kind: 'password' }],
    jumps,
    secretScope: 'demo',
  });
  const target = at(off.address, 22, [at(jump.address, jump.port, [])]);
  const { code, message } = await problemFrom(pool.acquire(target, {}));
  expect([code, message]).toEqual([
    'address-unreachable',
    `There is no way to ${off.address} (through the jump host 127.0.0.1 port ${String(jump.port)}) from there (No route to host).`,
  ]);
});
