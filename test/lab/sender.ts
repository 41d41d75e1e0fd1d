import type { ShownCommand } from '../../electron/core/cluster/writes/shown-command.ts';
import { runSections } from '../../electron/core/ssh/sections.ts';
import { createSshPool } from '../../electron/core/ssh/ssh-pool.ts';
import type { SshTarget } from '../../electron/core/ssh/transport.ts';
import { memoryKnownHosts, memorySecrets } from '../helpers/ssh-pool.ts';
import type { Lab } from './lab-api.ts';

/** The product's own way to a node: its connections, its shells, and sudo where the login is not root. */
export interface Sender {
  send<Result>(node: string, command: ShownCommand<Result>): Promise<Result>;
  close(): void;
}

/** @param user `root`, or one of the lab's other logins, whose password is known for sudo. */
export function senderOf(lab: Lab, user: 'root' | 'tech' = 'root'): Sender {
  const knownHosts = memoryKnownHosts();
  for (const { address, hostKeys } of lab.nodes) {
    for (const line of hostKeys) {
      const [type = '', keyBase64 = ''] = line.split(' ');
      knownHosts.trust(address, 22, { type, keyBase64 });
    }
  }
  const secrets = memorySecrets({ 'sudo-password': lab.logins.tech.password });
  const pool = createSshPool({ secrets, knownHosts, knownHostsFiles: [] });
  const target = (node: string): SshTarget => ({
    host: lab.node(node).address,
    port: 22,
    user,
    methods: [{ kind: 'private-key', keyFile: lab.keyFile }],
    jumps: [],
    secretScope: 'lab',
  });
  return {
    send: async (node, command) => {
      const connection = await pool.acquire(target(node), { deadlineMs: 30_000 });
      try {
        return command.parse(await runSections(connection, command.command, { deadlineMs: command.deadlineMs }));
      } finally {
        connection.release();
      }
    },
    close: () => pool.close(),
  };
}
