/**
 * The lab as tests use it. `startLab` gives a running lab; the files of one run share it when RACKSIDE_LAB_KEEP=1 (as
 * scripts/test-lab.mjs sets it): then `down` leaves it up for the next file, and `startLab` first brings it to rest.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterView } from './cluster-view.ts';
import { readClusterView } from './cluster-view.ts';
import { areOnline } from './cluster.ts';
import type { FaultName } from './fault.ts';
import { fault } from './fault.ts';
import { inside, mustInside } from './inside.ts';
import type { NodeRole } from './layout.ts';
import { layoutOf, logins, placeOf, rootPassword } from './layout.ts';
import { down, isUp, up } from './lifecycle.ts';
import { rootOf } from './node-files.ts';
import type { PoolAction } from './pool.ts';
import { pool } from './pool.ts';
import { isOn } from './power.ts';
import type { Ran, RunOptions } from './shell.ts';
import { LabError, waitFor } from './shell.ts';
import { ssh } from './ssh.ts';
import type { Shape } from './state.ts';
import { namesOf, nodeNames, readState } from './state.ts';
import type { VmRequest } from './vm.ts';
import { addVms, deleteVm, someControl } from './vm.ts';
import { cutLaptop, isLaptopCut, restoreLaptop } from './wire.ts';

export type { ClusterView } from './cluster-view.ts';
export type { FaultName, NodeRole, Ran, VmRequest };
export { LabError, waitFor };

export type LabNode = {
  readonly name: string;
  readonly role: NodeRole;
  /** In the management network, where ssh listens on port 22. */
  readonly address: string;
  readonly secondAddress: string;
  /** The node's public host keys, one line each as in its /etc/ssh/ssh_host_*_key.pub (ecdsa, ed25519, rsa). */
  readonly hostKeys: readonly string[];
  /** The node's own answer, as root and not over the network; never throws for an exit code, 255 = the node is off. */
  readonly exec: (command: string, options?: RunOptions) => Promise<Ran>;
  /** As `exec`, but gives stdout and throws a LabError when the exit code is not 0. */
  readonly mustExec: (command: string, options?: RunOptions) => Promise<string>;
  /** The answer over ssh as this user with the lab's key (the laptop's cut does not matter); 255 = ssh failed. */
  readonly login: (user: string, command: string, options?: RunOptions) => Promise<Ran>;
  readonly isOn: () => boolean;
  readonly fault: (kind: FaultName, argument?: string) => Promise<void>;
  readonly pool: (action: PoolAction) => Promise<void>;
};

export type Lab = AsyncDisposable & {
  readonly id: number;
  readonly controls: readonly LabNode[];
  readonly workers: readonly LabNode[];
  readonly candidates: readonly LabNode[];
  readonly nodes: readonly LabNode[];
  readonly node: (name: string) => LabNode;
  /** The private key that root and all other logins accept, without a passphrase; the file's public half has `.pub`. */
  readonly keyFile: string;
  readonly rootPassword: string;
  readonly logins: typeof logins;
  /** The laptop's address as the nodes see it. */
  readonly laptopAddress: string;
  readonly fault: (node: string, kind: FaultName, argument?: string) => Promise<void>;
  readonly laptop: {
    readonly cut: () => Promise<void>;
    readonly restore: () => Promise<void>;
    readonly isCut: () => Promise<boolean>;
  };
  readonly addVm: (vm: VmRequest) => Promise<void>;
  /** Several, in this order; those that are there already are put right and go home. */
  readonly addVms: (vms: readonly VmRequest[]) => Promise<void>;
  readonly deleteVm: (name: string) => Promise<void>;
  /** What `by` (else any control node that is on) says of the cluster. */
  readonly cluster: (by?: string) => Promise<ClusterView>;
  /** Asks every 250 ms; gives what the predicate gave; a LabError after `deadlineMs`. */
  readonly waitFor: typeof waitFor;
  /** Undoes all faults, standby, failures and fencing history, and waits until every node is online and nothing moves. */
  readonly settle: (deadlineMs?: number) => Promise<void>;
  readonly down: () => Promise<void>;
};

const isKept = (): boolean => process.env['RACKSIDE_LAB_KEEP'] === '1';

/**
 * Brings up the lab that RACKSIDE_LAB names (default shape: 3 controls, 1 worker), or takes the one that is kept running.
 *
 * @param toRest what brings one that was up already to rest.
 */
export async function startLab(
  wanted: Partial<Shape> = {},
  toRest = (lab: Lab): Promise<void> => lab.settle(),
): Promise<Lab> {
  const layout = layoutOf();
  const shape = { controls: 3, workers: 1, candidates: 0, ...wanted };
  const wasUp = isUp(layout);
  if (wasUp && !isKept())
    throw new LabError(
      `Lab ${layout.id} is up already: set RACKSIDE_LAB_KEEP=1 to use it, or RACKSIDE_LAB to another number.`,
    );
  await up(layout, shape);
  const lab = labOf();
  if (wasUp) await toRest(lab);
  return lab;
}

function labOf(): Lab {
  const layout = layoutOf();
  const { shape, image } = readState(layout);
  const control = (): string => someControl(layout);
  const nodeOf = (name: string): LabNode => {
    const place = placeOf(layout, name);
    return {
      ...place,
      hostKeys: ['ecdsa', 'ed25519', 'rsa'].map((type) =>
        readFileSync(join(rootOf(layout, name), `etc/ssh/ssh_host_${type}_key.pub`), 'utf8').trim(),
      ),
      exec: (command, options) => inside(layout, name, command, options),
      mustExec: (command, options) => mustInside(layout, name, command, options),
      login: (user, command, options) => ssh(layout, name, user, command, options),
      isOn: () => isOn(layout, name),
      fault: (kind, argument) => fault(layout, name, kind, argument),
      pool: (action) => pool(layout, name, action),
    };
  };
  const [controls, workers, candidates] = (['c', 'w', 'x'] as const).map((letter) =>
    namesOf(shape, letter).map(nodeOf),
  );
  const nodes = [...(controls ?? []), ...(workers ?? []), ...(candidates ?? [])];
  const cluster = async (by: string = control()): Promise<ClusterView> =>
    readClusterView(await mustInside(layout, by, 'crm_mon --output-as=xml -r', { timeoutMs: 20_000 }));
  const members = [...namesOf(shape, 'c'), ...namesOf(shape, 'w')];

  const settle = async (deadlineMs = 90_000): Promise<void> => {
    await restoreLaptop(layout);
    for (const name of nodeNames(layout)) await fault(layout, name, 'restore');
    if (members.length === 0) return;
    const ask = control();
    await waitFor('every node is online', () => areOnline(layout, ask, members), deadlineMs);
    const undo = members.map((name) => `crm_attribute -N ${name} -n standby -D; stonith_admin --cleanup -H ${name}`);
    await mustInside(
      layout,
      ask,
      `${undo.join('; ')}; crm_resource --cleanup; crm_resource --wait -T ${deadlineMs / 1000}s`,
      {
        timeoutMs: deadlineMs,
      },
    );
  };

  const stop = async (): Promise<void> => {
    if (!isKept()) await down(layout);
  };
  return {
    id: layout.id,
    controls: controls ?? [],
    workers: workers ?? [],
    candidates: candidates ?? [],
    nodes,
    node: (name) => {
      const node = nodes.find((each) => each.name === name);
      if (node === undefined) throw new LabError(`The lab has no node '${name}'.`);
      return node;
    },
    keyFile: image.keyFile,
    rootPassword,
    logins,
    laptopAddress: layout.laptopAddress,
    fault: (name, kind, argument) => fault(layout, name, kind, argument),
    laptop: {
      cut: () => cutLaptop(layout),
      restore: () => restoreLaptop(layout),
      isCut: () => isLaptopCut(layout),
    },
    addVm: (vm) => addVms(layout, [vm]),
    addVms: (vms) => addVms(layout, vms),
    deleteVm: (name) => deleteVm(layout, name),
    cluster,
    waitFor,
    settle,
    down: stop,
    [Symbol.asyncDispose]: stop,
  };
}
