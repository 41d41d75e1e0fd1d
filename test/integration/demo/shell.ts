import type { TestContext } from 'vitest';
import { createDemoKnownHosts } from '../../../electron/core/demo-region/known-hosts.ts';
import { createSshPool } from '../../../electron/core/ssh/ssh-pool.ts';
import type { ShellChannel, SshTarget } from '../../../electron/core/ssh/transport.ts';
import type { DemoHostKey } from '../../../shared/model/demo.ts';

/** A shell of a machine of the demo's, as the app opens one through the jump host; closed with the test. */
export async function openShell(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  demo: { readonly port: number; readonly password: string; readonly hostKeys: readonly DemoHostKey[] },
  address: string,
): Promise<ShellChannel> {
  const pool = createSshPool({
    secrets: { get: () => Promise.resolve(demo.password) },
    knownHosts: createDemoKnownHosts(demo.hostKeys, Date.now),
    knownHostsFiles: [],
    log: () => undefined,
  });
  onTestFinished(() => pool.close());
  const login = { user: 'root', methods: [{ kind: 'password' as const }], secretScope: 'demo' };
  const jump: SshTarget = { ...login, host: '127.0.0.1', port: demo.port, jumps: [] };
  const connection = await pool.acquire({ ...login, host: address, port: 22, jumps: [jump] }, {});
  return connection.openShell();
}
