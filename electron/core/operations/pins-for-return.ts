import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { ClusterConfiguration, Simulation } from '#shared/model/configuration.ts';
import type { CibEdit } from '../cluster/pacemaker/read/simulate-command.ts';
import { pinsAgainst } from '../lifecycle/pins-against.ts';
import { unstandbyOf } from './simulate.ts';

/** A pin may make the scheduler move another VM for the balance; so often it is looked at again. */
const mostRounds = 4;

/** What holds VMs where they run once a node's standby ends, and what the scheduler would do all the same. */
export interface PinsForReturn {
  /** The node by the VM's resource; empty where nothing would move. */
  readonly pins: Readonly<Record<string, string>>;
  /** With these pins. */
  readonly unstandby: Simulation;
}

/**
 * The VMs that the cluster itself would take along when a node's standby ends: those that prefer it and were started elsewhere by the cluster
 * (after Force, or a fencing) have no pin of a move. @param simulate what the scheduler would do after these edits.
 */
export async function pinsForReturn(
  node: string,
  answer: Pick<ClusterAnswer, 'resources'>,
  configuration: Pick<ClusterConfiguration, 'vms'>,
  simulate: (edits: readonly CibEdit[]) => Promise<Simulation>,
): Promise<PinsForReturn> {
  let pins: Readonly<Record<string, string>> = {};
  for (let round = 1; ; round += 1) {
    const held = Object.entries(pins).map(([resource, on]): CibEdit => ({ kind: 'pin', resource, node: on }));
    const unstandby = await simulate([...held, unstandbyOf(node)]);
    const found = Object.entries(pinsAgainst(unstandby, answer, configuration));
    const more = found.filter(([resource]) => pins[resource] === undefined);
    if (more.length === 0 || round === mostRounds) return { pins, unstandby };
    pins = { ...pins, ...Object.fromEntries(more) };
  }
}
