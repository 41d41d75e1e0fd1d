/**
 * The smallest process that speaks as the demo region's does. Its seed says how it behaves (`seeds.ts`), and its jump host is a port
 * at which nobody listens. Of a node's fault it says that it was refused, and names the node and its own environment.
 */
import type { FromDemo, ToDemo } from '#shared/model/demo.ts';
import { hostKey } from '../../unit/core/db/host-key.ts';
import { behaviours } from './behaviours.ts';

const say = (message: FromDemo | { readonly kind: 'nonsense' }): void => void process.send?.(message);

function start(seed: number): void {
  switch (seed) {
    case behaviours.failing:
      say({ kind: 'failed', message: 'no memory for so many nodes' });
      break;
    case behaviours.dying:
      process.exit(3);
      break;
    case behaviours.silent:
      break;
    default:
      say({ kind: 'nonsense' });
      say({
        kind: 'ready',
        port: 9,
        user: 'root',
        password: `canary-of-${String(seed)}`,
        jump: { address: '127.0.0.1', port: 9 },
        seeds: ['10.77.0.1', '10.77.0.2'],
        hostKeys: [{ host: '10.77.0.1', port: 22, type: 'ssh-ed25519', keyBase64: hostKey('ssh-ed25519', 1) }],
      });
  }
}

process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToDemo) => {
  switch (message.kind) {
    case 'start':
      start(message.options.seed);
      break;
    case 'fault': {
      const { id, fault } = message;
      if (fault.kind === 'quorum-lost') process.exit(7);
      const seen = 'node' in fault ? `${fault.node}, ${Object.keys(process.env).toSorted().join(' ')}` : null;
      say({ kind: 'fault-done', id, problem: seen });
      break;
    }
    case 'network':
      break;
    case 'close':
      process.exit(0);
  }
});
