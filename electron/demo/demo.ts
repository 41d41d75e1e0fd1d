import type { Command } from './commands/command.ts';
import { createRegistry } from './commands/registry.ts';
import { digitsOf } from './random.ts';
import { hostKeyOf } from './ssh/host-keys.ts';
import { jumpHost, startServers } from './ssh/servers.ts';
import type { DemoHostKey, DemoOptions, FromDemo, WorldFault } from './messages.ts';
import { partOf } from './layout/machines.ts';
import { runningClock } from './world/clock.ts';
import { Engine } from './world/engine.ts';
import { makeFault } from './world/faults.ts';
import { startServices, stopServices } from './world/node-life.ts';
import type { DemoNode } from './world/node.ts';
import { World } from './world/world.ts';

/** A demo region that is alive. */
export interface RunningDemo {
  readonly ready: FromDemo & { readonly kind: 'ready' };
  readonly world: World;
  /** Makes something go wrong. Answers why it did not, or `null`. */
  fault(fault: WorldFault): string | null;
  /** Whether bytes pass between the laptop and the region; what is on its way waits, and no connection ends. */
  setNetwork(isUp: boolean): void;
  close(): Promise<void>;
}

/** The health check of who joins again at the start takes this long: somebody has to see it. */
const unfencingMs = 45_000;
/** Its own host key was changed since the app's profile was made. */
const formerly = 'former';

/** Starts the region in this process. `onUnknown` hears of every command that it does not know. */
export async function startDemo(
  options: DemoOptions,
  onUnknown: (unknown: { readonly node: string; readonly script: string }) => void,
): Promise<RunningDemo> {
  const { seed, speed } = options;
  const clock = runningClock(speed);
  const world = new World(seed, options.nodes, clock);
  const engine = new Engine(world);
  const keyOf = (machine: string) => hostKeyOf(seed, machine);
  const login = { user: 'root', password: digitsOf(seed, 'password').slice(0, 20) };
  const shown = (address: string) => {
    const node = world.nodeAt(address);
    return node === undefined ? undefined : keyOf(node.name).keyBase64;
  };
  const registry = createRegistry(engine, shown, onUnknown);
  const returning = world.members().filter(({ membership }) => membership === 'pending');
  /** Who is up when it is first seen has come back before, so that they join with the first look at the cluster. */
  const find = (script: string): Command | undefined => {
    if (returning.length > 0 && registry.familyOf(script, []) === 'cluster')
      for (const node of returning.splice(0)) comeBack(world, node);
    return registry.find(script);
  };
  const servers = await startServers({
    world,
    registry: { find },
    onUnknown,
    login,
    keyOf,
  });
  const workers = world.members().filter(({ role }) => role === 'worker');
  const changed = workers.find((_, index) => partOf(index + 1) === 'other-key');
  const hostKeys: DemoHostKey[] = [...world.nodes.values()].map(({ name, address }) => {
    const { type, keyBase64 } = keyOf(name === changed?.name ? `${name} ${formerly}` : name);
    return { host: address, port: 22, type, keyBase64 };
  });
  const { type, keyBase64 } = keyOf(jumpHost);
  return {
    world,
    ready: {
      kind: 'ready',
      port: servers.port,
      ...login,
      jump: { address: '127.0.0.1', port: servers.port },
      seeds: world.controls().map(({ address }) => address),
      hostKeys: [{ host: '127.0.0.1', port: servers.port, type, keyBase64 }, ...hostKeys],
    },
    fault: (fault) => makeFault(world, fault, (node) => servers.cut(node)),
    setNetwork: (isUp) => servers.setNetwork(isUp),
    async close() {
      engine.close();
      clock.stop();
      await servers.close();
    },
  };
}

/** It is off for the cluster, and its connection is opened at once, so that nothing in the region waits for it. Only its clock is late. */
function comeBack(world: World, node: DemoNode): void {
  stopServices(world, node);
  startServices(world, node);
  world.clock.after(unfencingMs, () => {
    node.clockOffsetMs = 0;
  });
}
