import { clusterReadCommand } from '../../../electron/core/cluster/pacemaker/read/read-command.ts';
import { understand } from '../../../electron/core/cluster/pacemaker/read/read-cluster.ts';
import { parseCrmMon } from '../../../electron/core/cluster/pacemaker/read/crm-mon.ts';
import type { ClusterAnswer, ClusterNode, ClusterResource } from '../../../shared/model/cluster.ts';
import { capture, capturesIn } from '../core/cluster/capture.ts';
import type { StillDemo } from './still-demo.ts';

type Seen = Pick<ClusterAnswer, 'nodes' | 'resources'>;

/** The states that a node or a resource had, one after the other, by its name. */
export type Orders = ReadonlyMap<string, readonly string[]>;

/** How the cluster calls a node, in one word. */
export const wordOf = (node: ClusterNode): string => {
  if (node.isPending) return 'pending';
  if (node.isUnclean) return 'unclean';
  return node.isOnline ? (node.isStandby ? 'standby' : 'online') : 'offline';
};

const wordsOf = ({ role, nodes, pending, isManaged }: ClusterResource): string =>
  [role, ...nodes, pending === undefined ? '' : `(${pending})`, isManaged ? '' : 'unmanaged']
    .filter((word) => word !== '')
    .join(' ');

/** A worker and its connection have the same name: the connection's begins with a colon. */
export const connectionTo = (worker: string): string => `:${worker}`;

function ordersOf(samples: readonly Seen[]): Orders {
  const orders = new Map<string, string[]>();
  const add = (name: string, word: string): void => {
    const order = orders.get(name) ?? [];
    orders.set(name, order);
    if (order.at(-1) !== word) order.push(word);
  };
  for (const { nodes, resources } of samples) {
    for (const node of nodes) add(node.name, wordOf(node));
    for (const resource of resources)
      if (resource.clone === null)
        add(resource.agent.endsWith(':remote') ? connectionTo(resource.id) : resource.id, wordsOf(resource));
  }
  return orders;
}

/** The orders of a captured timeline. */
export function realOrders(timeline: string): Orders {
  const folder = `timelines/${timeline}`;
  return ordersOf(
    capturesIn(folder, /\.xml$/u).map((file) => {
      const status = parseCrmMon(capture(`${folder}/${file}`));
      if (status.kind !== 'status') throw new Error(`${file} tells nothing`);
      return status;
    }),
  );
}

export async function look(demo: StillDemo, via = 'demo-c1'): Promise<ClusterAnswer> {
  const asked = understand(await demo.ask(via, clusterReadCommand('none')), 1);
  if (asked.kind !== 'answer') throw new Error(JSON.stringify(asked));
  return asked.answer;
}

const everyMs = 100;

/** The orders in the demo while so many seconds pass, or until this is so. */
export async function simulatedOrders(
  demo: StillDemo,
  seconds: number,
  isOver: () => boolean = () => false,
): Promise<Orders> {
  const samples: Seen[] = [];
  let seen = -1;
  for (let ms = 0; ms < seconds * 1000 && !isOver(); ms += everyMs) {
    if (demo.world.version !== seen) samples.push(await look(demo));
    seen = demo.world.version;
    demo.pass(everyMs);
  }
  samples.push(await look(demo));
  return ordersOf(samples);
}

/** The order of a VM in what `moves/watch.py` printed while it was moved: a line for each change. */
export function watchedOrder(file: string, vm: string): readonly string[] {
  return capture(`moves/${file}`)
    .split('\n')
    .flatMap((line) => {
      const [, name, role = '', nodes = '', flags = ''] = /^\s*[\d.]+ (\w+): (\w+)@\[(.*?)\](.*)$/u.exec(line) ?? [];
      const pending = /pending=(\w+)/u.exec(flags)?.[1];
      const words = [role, ...nodes.split(','), pending === undefined ? '' : `(${pending})`];
      if (flags.includes('unmanaged')) words.push('unmanaged');
      return name === vm ? [words.filter((word) => word !== '').join(' ')] : [];
    });
}

/** An order with other names in it: of a capture's machines those of the demo that play them. */
export const played = (
  order: readonly string[] | undefined,
  roles: Readonly<Record<string, string>>,
): readonly string[] =>
  (order ?? []).map((words) =>
    words
      .split(' ')
      .map((word) => roles[word] ?? word)
      .join(' '),
  );
