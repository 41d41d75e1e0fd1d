import type { Answer } from '../../../electron/demo/commands/command.ts';
import { createRegistry } from '../../../electron/demo/commands/registry.ts';
import { hostKeyOf } from '../../../electron/demo/ssh/host-keys.ts';
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
  /** One that is no script of sections. */
  askPlain(node: string, command: RemoteCommand): Promise<Answer>;
  /** What a command that goes on writes while so many ms pass. */
  follow(node: string, command: RemoteCommand, ms: number, meanwhile: () => unknown): string;
  /** Everything that is answered. */
  readonly families: readonly string[];
  familyOf(command: RemoteCommand): string | undefined;
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
    (address) => hostKeyOf(seed, address).keyBase64,
    ({ script }) => unknown.push(script),
  );
  const nodeOf = (name: string) => world.nodes.get(name) ?? missing(name);
  const found = ({ script }: RemoteCommand) => registry.find(script) ?? missing(script);
  const askPlain = async (name: string, asks: RemoteCommand): Promise<Answer> => {
    const command = found(asks);
    if (command.kind !== 'answers') throw new Error('it goes on');
    return command.answer({ world, node: nodeOf(name), args: asks.args ?? [] });
  };
  const pass = (ms: number): void => {
    const until = now + ms;
    for (;;) {
      const next = waiting.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      waiting = waiting.filter((one) => one !== next);
      now = Math.max(now, next.at);
      next.action();
    }
    now = until;
  };
  return {
    world,
    engine,
    unknown,
    families: registry.families,
    familyOf: ({ script, args = [] }) => registry.familyOf(script, args),
    pass,
    askPlain,
    follow(name, asks, ms, meanwhile) {
      const command = found(asks);
      if (command.kind !== 'follows') throw new Error('it ends by itself');
      let text = '';
      const end = command.follow({ world, node: nodeOf(name), args: [] }, (written) => {
        text += written;
      });
      meanwhile();
      pass(ms);
      end();
      return text;
    },
    ask: (name, command) =>
      runSections(
        {
          run: async (asks: RemoteCommand) => {
            const { stdout, stderr, status } = await askPlain(name, asks);
            return { stdout, stderr, exitStatus: status, durationMs: 0 };
          },
        },
        command,
        { deadlineMs: 1_000 },
      ),
  };
}

function missing(what: string): never {
  throw new Error(`not known: ${what}`);
}
