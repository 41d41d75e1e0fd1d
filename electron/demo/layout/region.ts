import { Cib } from '../world/cib.ts';
import type { DemoNode, DemoVm } from '../world/node.ts';
import { cibText } from './cib-text.ts';
import { controlCount, machine, partOf, runsVms } from './machines.ts';
import { layRecords } from './records.ts';
import { placeVms } from './vms.ts';

/** A region before its first moment. */
export interface LaidRegion {
  readonly nodes: readonly DemoNode[];
  readonly vms: readonly DemoVm[];
  readonly cib: string;
}

/** 400 VMs on 48 nodes. */
const vmsPerNode = 400 / 48;
/** A candidate, one that was approved, one that is inadequate, one that was rejected, one that was removed. */
const outsiders = 5;

/** The region of a seed: the same machines, VMs and records at every start. `members`: controls and workers. */
export function layRegion(seed: number, members: number, now: number): LaidRegion {
  const controls = controlCount(members);
  const width = Math.max(2, String(members).length);
  const nodes: DemoNode[] = [];
  for (let index = 0; index < members + outsiders; index += 1) {
    if (index < controls) nodes.push(machine(seed, `demo-c${index + 1}`, index, 'control', 'plain', now));
    else if (index < members) {
      const worker = index - controls + 1;
      const name = `demo-w${String(worker).padStart(width, '0')}`;
      nodes.push(machine(seed, name, index, 'worker', partOf(worker), now));
    } else nodes.push(machine(seed, `demo-x${index - members + 1}`, index, 'none', 'plain', now));
  }
  const workers = nodes.filter(({ role }) => role === 'worker');
  const hosts = workers.filter((_, index) => runsVms(partOf(index + 1)));
  const placed = placeVms(seed, hosts, Math.round(members * vmsPerNode));
  const records = layRecords(
    seed,
    workers,
    nodes.filter(({ role }) => role === 'none'),
    now,
  );
  for (const server of nodes.filter(({ role }) => role === 'none')) {
    server.services = 'stopped';
    server.membership = 'offline';
  }
  const text = cibText(
    nodes.filter(({ role }) => role !== 'none'),
    placed,
    records,
    now,
  );
  return { nodes, vms: placed.map(({ vm }) => vm), cib: text };
}

/** The configuration of a laid region, watched. */
export const cibOf = ({ cib }: LaidRegion, onChange: (by: string) => void): Cib => Cib.from(cib, onChange);
