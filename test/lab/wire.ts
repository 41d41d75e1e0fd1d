/**
 * The lab's network. Every bridge and switch port lives in one network namespace, "the datacenter", so that the host sees one
 * interface only (the laptop's), host firewalls and `bridge-nf-call-iptables` have no say, and deleting the namespace deletes it all.
 *
 *   host (the laptop) 10.213.N.1 ── veth ── port "laptop" ┐
 *                                                         br0 (10.213.N.2: the power switch, and the lab's own console)
 *   node eth0 10.213.N.x ────────── veth ── port "NODE-0" ┘
 *   node eth1 10.214.N.x ────────── veth ── port "NODE-1" ── br1
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout, NodePlace } from './layout.ts';
import { allPlaces, nodeFolder, nodeNamespace } from './layout.ts';
import { must, run, words } from './shell.ts';

export const portOf = (name: string, link: 0 | 1): string => `${name}-${link}`;

const ipBatch = async (lines: readonly string[], namespace?: string): Promise<void> => {
  await must('ip', [...(namespace === undefined ? [] : ['-n', namespace]), '-batch', '-'], { input: lines.join('\n') });
};

const namespaceExists = (name: string): boolean => existsSync(`/run/netns/${name}`);

export async function makeDatacenter(layout: Layout): Promise<void> {
  if (namespaceExists(layout.datacenter)) return;
  await must('ip', ['netns', 'add', layout.datacenter]);
  await ipBatch(
    [
      'link set lo up',
      'link add br0 type bridge forward_delay 0',
      'link add br1 type bridge forward_delay 0',
      `address add ${layout.switchAddress}/24 dev br0`,
      'link set br0 up',
      'link set br1 up',
    ],
    layout.datacenter,
  );
  await ipBatch([
    `link add ${layout.laptopInterface} type veth peer name laptop netns ${layout.datacenter}`,
    `address add ${layout.laptopAddress}/24 dev ${layout.laptopInterface}`,
    `link set ${layout.laptopInterface} up`,
  ]);
  await must('ip', ['-n', layout.datacenter, 'link', 'set', 'laptop', 'master', 'br0', 'up']);
}

export async function removeDatacenter(layout: Layout): Promise<void> {
  // The interfaces go by name first: the kernel clears a deleted namespace some time later, and a next `up` wants the names at once.
  await run('ip', ['link', 'del', layout.laptopInterface]);
  if (!namespaceExists(layout.datacenter)) return;
  await run('ip', ['-n', layout.datacenter, '-force', '-batch', '-'], { input: 'link del br0\nlink del br1\n' });
  await must('ip', ['netns', 'del', layout.datacenter]);
}

/** Which faults of the network a node keeps over a power cycle; they are files in the node's folder. */
const isCut = (layout: Layout, name: string, link: 0 | 1): boolean =>
  existsSync(join(nodeFolder(layout, name), `cut-eth${link}`));

/**
 * A fresh namespace for a node that is about to boot, its NICs configured before its systemd runs. Made anew at each power-on:
 * the sockets of the last life must not come back with it and say goodbye to their peers.
 */
export async function wireNode(layout: Layout, place: NodePlace): Promise<void> {
  await unwireNode(layout, place.name);
  const namespace = nodeNamespace(layout, place.name);
  await must('ip', ['netns', 'add', namespace]);
  await ipBatch(
    ([0, 1] as const).flatMap((link) => [
      `link add ${portOf(place.name, link)} type veth peer name eth${link} netns ${namespace} address ${place.macs[link]}`,
      `link set ${portOf(place.name, link)} master br${link}`,
    ]),
    layout.datacenter,
  );
  await ipBatch(
    [
      'link set lo up',
      `address add ${place.address}/24 dev eth0`,
      `address add ${place.secondAddress}/24 dev eth1`,
      'link set eth0 up',
      'link set eth1 up',
      `route add default via ${layout.laptopAddress}`,
    ],
    namespace,
  );
  for (const link of [0, 1] as const)
    if (!isCut(layout, place.name, link)) await setLink(layout, place.name, link, true);
}

export async function unwireNode(layout: Layout, name: string): Promise<void> {
  const namespace = nodeNamespace(layout, name);
  if (namespaceExists(layout.datacenter))
    await run('ip', ['-n', layout.datacenter, '-force', '-batch', '-'], {
      input: `link del ${portOf(name, 0)}\nlink del ${portOf(name, 1)}\n`,
    });
  if (namespaceExists(namespace)) await must('ip', ['netns', 'del', namespace]);
}

/** The switch's end of a node's cable: down, and the node's NIC loses its carrier. */
export async function setLink(layout: Layout, name: string, link: 0 | 1, isUp: boolean): Promise<void> {
  await must('ip', ['-n', layout.datacenter, 'link', 'set', portOf(name, link), isUp ? 'up' : 'down']);
}

/**
 * Squeezes a node's management link to so many kbit/s in both directions, or undoes it. tbf and not netem, because that is the one
 * which small kernels have.
 */
export async function squeeze(layout: Layout, name: string, kilobitsPerSecond: number | undefined): Promise<void> {
  const ends = [
    [layout.datacenter, portOf(name, 0)],
    [nodeNamespace(layout, name), 'eth0'],
  ] as const;
  for (const [namespace, device] of ends) {
    if (kilobitsPerSecond === undefined) await run('tc', ['-n', namespace, 'qdisc', 'del', 'dev', device, 'root']);
    else
      await must(
        'tc',
        words(
          `-n ${namespace} qdisc replace dev ${device} root tbf rate ${kilobitsPerSecond}kbit burst 4kb latency 800ms`,
        ),
      );
  }
}

/**
 * Cuts the laptop off, silently and in both directions: its port of the bridge goes into the spanning tree's state "disabled", in
 * which a bridge drops all frames, while the laptop keeps its carrier, its address and its routes. Node-to-node traffic and the
 * power switch do not pass that port. The neighbour entries are made permanent first, because a laptop behind a router would never
 * learn of the cut by unanswered ARP ("no route to host" after 3 s): its packets simply get no answer, also on established
 * connections.
 */
export async function cutLaptop(layout: Layout): Promise<void> {
  await ipBatch(
    allPlaces(layout).map(
      (place) => `neigh replace ${place.address} lladdr ${place.macs[0]} nud permanent dev ${layout.laptopInterface}`,
    ),
  );
  await must('bridge', ['-n', layout.datacenter, 'link', 'set', 'dev', 'laptop', 'state', '0']);
}

export async function restoreLaptop(layout: Layout): Promise<void> {
  await must('bridge', ['-n', layout.datacenter, 'link', 'set', 'dev', 'laptop', 'state', '3']);
  await run('ip', ['neigh', 'flush', 'dev', layout.laptopInterface, 'nud', 'permanent']);
}

export const isLaptopCut = async (layout: Layout): Promise<boolean> =>
  / state disabled /.test(await must('bridge', ['-n', layout.datacenter, 'link', 'show', 'dev', 'laptop']));
