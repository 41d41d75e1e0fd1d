import type { RemoteCommand } from '../../../electron/core/ssh/transport.ts';
import type { SectionedOutput } from '../../../electron/core/ssh/sections.ts';
import type { StillDemo } from './still-demo.ts';

/** One captured answer of a real node, and how the demo is brought to be asked the same. */
export interface Case {
  /** Below `test/fixtures/captures/operations`. */
  readonly capture: string;
  /** What the lab's c1, c2 and c3 were is asked of these: c1 a control, c2 the source of moves, c3 their target. */
  readonly node: string;
  readonly ask: (demo: StillDemo) => { readonly command: RemoteCommand; readonly parse?: Parse };
  /** What had happened before, and has to happen here too. */
  readonly before?: (demo: StillDemo) => unknown;
  /** The texts of the sections are compared too, and not only what the parser reads of them. */
  readonly hasText: boolean;
  /** Sections that are different on purpose; says why. */
  readonly without?: RegExp;
}

type Parse = (output: SectionedOutput) => unknown;

/** What plays the lab's nodes and its VM. */
export const stage = { control: 'demo-c1', source: 'demo-w01', target: 'demo-w11' } as const;

export function vmOn({ world }: StillDemo, node: string): string {
  const found = [...world.vms.values()].find(
    ({ id, nodes, gpuSlot, dirtyMibPerSecond }) =>
      nodes[0] === node && gpuSlot === null && dirtyMibPerSecond < 100 && world.settings().vms.get(id)?.allowMigrate,
  );
  if (found === undefined) throw new Error(`no VM on ${node} that can move`);
  return found.id;
}

/** The cluster's services end on a control. */
export const stopped =
  (name: string) =>
  (demo: StillDemo): void => {
    const node = demo.world.nodes.get(name);
    if (node !== undefined) node.services = 'stopped';
  };

/** The other controls have ended, and one alone is no majority. */
export const withoutQuorum = (demo: StillDemo): void => {
  stopped('demo-c2')(demo);
  stopped('demo-c3')(demo);
  demo.world.changed('(pcmk_quorum_notification) info: quorum lost');
  demo.pass(1_000);
};
