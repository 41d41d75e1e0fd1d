/** The demo region as the product has it, in a process that also tells what is true in it, to whoever judges the app by it. */
import { inspect } from 'node:util';
import { startDemo, type RunningDemo } from '../../electron/demo/demo.ts';
import { hostKeyOf } from '../../electron/demo/ssh/host-keys.ts';
import { attributeOf } from '../../electron/demo/world/xml-tree.ts';
import type { DemoNode } from '../../electron/demo/world/node.ts';
import type { World } from '../../electron/demo/world/world.ts';
import type { FromWorld, ToWorld } from './messages.ts';
import type { NodeTruth } from './truth.ts';

/** Not everything that becomes true is told by the world as a change. */
const lookMs = 500;
let demo: RunningDemo | undefined;

const tell = (message: FromWorld): void => void process.send?.(message);

/** Tells what has changed since it was last asked; `isRefused`: the app does not speak to that server, because it shows another key. */
function teller(world: World, isRefused: (node: DemoNode) => boolean): () => void {
  const told = new Map<string, string>();
  return () => {
    const operations = operationsIn(world);
    const counts = vmsByNode(world);
    const last = new Map(world.fencing.toReversed().map(({ target, status }) => [target, status]));
    const changed = [...world.nodes.values()].flatMap((node): readonly NodeTruth[] => {
      const truth = {
        name: node.name,
        role: node.role,
        membership: node.membership,
        isStandby: world.isStandby(node),
        wasFenced: last.get(node.name) === 'success',
        vms: Math.max(node.domains.size, counts.get(node.name) ?? 0),
        operation: operations.get(node.name) ?? null,
        hasFailedPool: node.hardware.disks.every(({ name, isOfPool }) => !isOfPool || node.failedDisks.has(name)),
        isHardToReach: node.power !== 'on' || node.network !== 'good' || isRefused(node),
      };
      const words = JSON.stringify(truth);
      if (told.get(node.name) === words) return [];
      told.set(node.name, words);
      return [truth];
    });
    if (changed.length > 0) tell({ kind: 'truth', at: Date.now(), changed });
  };
}

function vmsByNode(world: World): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { nodes } of world.vms.values()) for (const name of nodes) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

const record = 'rackside-op-';

function operationsIn(world: World): ReadonlyMap<string, string> {
  const pairs = world.cib.section('crm_config').flatMap((set) => Array.from(set.getElementsByTagName('nvpair')));
  return new Map(
    pairs.flatMap((pair): readonly [string, string][] => {
      const name = attributeOf(pair, 'name');
      if (!name.startsWith(record)) return [];
      const text = Buffer.from(attributeOf(pair, 'value'), 'base64url').toString('utf8');
      return [[name.slice(record.length), /"command":"([^"]*)"/u.exec(text)?.[1] ?? '']];
    }),
  );
}

async function hear(message: ToWorld): Promise<void> {
  switch (message.kind) {
    case 'start': {
      demo = await startDemo(message.options, ({ node, script }) =>
        tell({ kind: 'wrong', words: `unknown command on ${node}: ${script.slice(0, 200)}` }),
      );
      const trusted = new Map(demo.ready.hostKeys.map(({ host, keyBase64 }) => [host, keyBase64]));
      const { seed } = message.options;
      const tellTruth = teller(
        demo.world,
        ({ name, address }) => trusted.get(address) !== hostKeyOf(seed, name).keyBase64,
      );
      // After the change is complete, and before anybody can have been answered with it for long.
      let isDue = false;
      demo.world.onChange(() => {
        if (!isDue)
          setImmediate(() => {
            isDue = false;
            tellTruth();
          });
        isDue = true;
      });
      setInterval(tellTruth, lookMs);
      tellTruth();
      return tell({ kind: 'ready', ready: demo.ready, vms: [...demo.world.vms.keys()] });
    }
    case 'fault':
      return tell({ kind: 'fault-done', id: message.id, problem: demo?.fault(message.fault) ?? null });
    case 'network':
      return demo?.setNetwork(message.isUp);
    case 'close':
      await demo?.close();
      return process.exit(0);
  }
}

for (const kind of ['unhandledRejection', 'uncaughtException'] as const)
  process.on(kind, (error: unknown) => tell({ kind: 'wrong', words: `${kind}: ${inspect(error)}` }));
process.on('message', (message: ToWorld) => void hear(message));
process.on('disconnect', () => process.exit(0));
