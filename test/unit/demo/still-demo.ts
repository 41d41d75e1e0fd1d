import { createRegistry } from '../../../electron/demo/commands/registry.ts';
import type { DemoClock } from '../../../electron/demo/world/clock.ts';
import { Engine } from '../../../electron/demo/world/engine.ts';
import { World } from '../../../electron/demo/world/world.ts';
import { runSections, type SectionedOutput } from '../../../electron/core/ssh/sections.ts';
import type { RemoteCommand } from '../../../electron/core/ssh/transport.ts';

/** A simulated region whose time a test moves by hand, asked without SSH. */
export interface StillDemo {
  readonly world: World;
  readonly engine: Engine;
  /** Lets so many ms of the region's time pass, with all that happens in them. */
  pass(ms: number): void;
  ask(node: string, command: RemoteCommand): Promise<SectionedOutput>;
  /** Commands that were not known. */
  readonly unknown: readonly string[];
}

export function stillDemo(members = 24, seed = 1): StillDemo {
  const start = Date.parse('2026-11-22T11:17:24Z');
  let now = start;
  let waiting: { readonly at: number; readonly action: () => void }[] = [];
  const clock: DemoClock = {
    speed: 1,
    now: () => now,
    after(ms, action) {
      const entry = { at: now + ms, action };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((one) => one !== entry);
      };
    },
  };
  const world = new World(seed, members, clock);
  const engine = new Engine(world);
  const unknown: string[] = [];
  const registry = createRegistry(
    engine,
    () => undefined,
    ({ script }) => unknown.push(script),
  );
  return {
    world,
    engine,
    unknown,
    pass(ms) {
      const until = now + ms;
      for (;;) {
        const next = waiting.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        waiting = waiting.filter((one) => one !== next);
        now = Math.max(now, next.at);
        next.action();
      }
      now = until;
    },
    ask(name, asked) {
      const node = world.nodes.get(name);
      if (node === undefined) throw new Error(`there is no ${name}`);
      const channel = {
        run: async ({ script, args = [] }: RemoteCommand) => {
          const command = registry(script);
          if (command?.kind !== 'answers') throw new Error(`not known: ${script}`);
          const { stdout, stderr, status } = await command.answer({ world, node, args });
          return { stdout, stderr, exitStatus: status, durationMs: 0 };
        },
      };
      return runSections(channel, asked, { deadlineMs: 1_000 });
    },
  };
}
