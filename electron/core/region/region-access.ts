import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { NodeId } from '#shared/model/ids.ts';
import type { NodeRow } from '#shared/model/node.ts';
import type { RegionProfile, RegionView } from '#shared/model/region.ts';
import { fail, problemOf, type Problem } from '#shared/problems.ts';
import type { CommandResult, RemoteCommand, RunOptions, SshConnection, SshPool, SshTarget } from '../ssh/transport.ts';
import type { ControlNode } from './cluster-watch.ts';
import { runProbe } from '../probes/run-probe.ts';
import { slowProbes } from '../probes/slow-probes.ts';
import { identityProblem, requireSameMachine, type FullIdentity } from './node-identity.ts';
import { routesTo } from './node-routes.ts';
import { isRouteProblem } from './questions.ts';
import type { RegionNode } from './region-node.ts';

/** What operations need of an open region: fresh reads that the table shows too, and a way to its machines. */
export interface RegionAccess {
  readonly profile: RegionProfile;
  view(): RegionView;
  rows(): readonly NodeRow[];
  nodes(): readonly RegionNode[];
  /** @throws ProblemError `node-not-found`. */
  node(id: NodeId): RegionNode;
  /** The row as the table shows it. @throws ProblemError `node-not-found`. */
  row(id: NodeId): NodeRow;
  /** The last believed answer. */
  answer(): ClusterAnswer | undefined;
  /**
   * Reads the cluster now, through the control node that answers; the table has it before this resolves, so that the table and an operation
   * never disagree. @throws ProblemError `no-quorum`, `no-control-node-answers`, and whatever the way there throws.
   */
  readFresh(): Promise<ClusterAnswer>;
  /** Reads one node's libvirt, services and slow facts now, and answers the node as it is then. */
  readNode(id: NodeId): Promise<RegionNode>;
  /** Runs on the control node that answers for the region; `host` is its name. @throws ProblemError `no-control-node-answers`. */
  readonly onControl: (
    command: RemoteCommand,
    options: RunOptions,
  ) => Promise<CommandResult & { readonly host: string }>;
  /** Runs on one node. @throws ProblemError `node-identity-changed` where it is frozen (R12), and whatever the way there throws. */
  readonly onNode: (name: string, command: RemoteCommand, options: RunOptions) => Promise<CommandResult>;
  /**
   * Reads who answers under a member's name now, also where it is frozen (R12); nothing of it is taken for the node's.
   * @throws ProblemError `output-not-understood` where it does not say who it is, and whatever the way there throws.
   */
  whoAnswers(id: NodeId): Promise<FullIdentity>;
  /** This laptop takes that machine for the node from now on; resolves when the node was read as that, or could not be. */
  takeForNode(id: NodeId, identity: FullIdentity): Promise<void>;
  /** A person lifts the brake after a mass failure (R14) for a while. */
  liftBrake(): void;
  /** The cluster was written to: what was seen before does not settle anything. */
  noteOwnWrite(): void;
  /** Told after every believed answer, the table first. Returns what ends it. */
  onAnswer(listener: (answer: ClusterAnswer) => void): () => void;
}

/** What the access is made of: the region's own parts. */
export interface AccessParts extends Pick<
  RegionAccess,
  | 'profile'
  | 'view'
  | 'rows'
  | 'nodes'
  | 'node'
  | 'row'
  | 'answer'
  | 'readFresh'
  | 'takeForNode'
  | 'liftBrake'
  | 'noteOwnWrite'
  | 'onAnswer'
> {
  readonly pool: SshPool;
  readonly control: () => ControlNode | undefined;
  /** Resolves when no control node is about to be adopted, within a bound. */
  readonly adopted: () => Promise<void>;
  /** Reads everything of one node anew; resolves when that is done, or could not be. */
  readonly refresh: (id: NodeId) => Promise<void>;
}

/** The access to a region that operations work with. */
export function createRegionAccess(parts: AccessParts): RegionAccess {
  const { pool, control, adopted, refresh, ...shown } = parts;

  async function connect(targets: readonly SshTarget[], options: RunOptions): Promise<SshConnection> {
    let first: Problem | undefined;
    for (const target of targets) {
      try {
        return await pool.acquire(target, options.signal === undefined ? {} : { signal: options.signal });
      } catch (error) {
        const problem = problemOf(error);
        if (problem === undefined || !isRouteProblem(problem)) throw error;
        first ??= problem;
      }
    }
    return fail(first ?? withoutAddress);
  }

  function connectTo({ name, membership }: RegionNode, options: RunOptions): Promise<SshConnection> {
    const held = control();
    const via = shown.answer()?.via;
    const route = held === undefined || via === undefined ? undefined : { name: via, target: held.target };
    return connect(routesTo(shown.profile, { name, address: membership.address }, route), options);
  }

  return {
    ...shown,
    async whoAnswers(id) {
      const node = shown.node(id);
      const connection = await connectTo(node, { deadlineMs: slowProbes.system.deadlineMs });
      try {
        const system = await runProbe(connection, slowProbes.system);
        if (system.kind === 'value') return { hostKey: connection.hostKey, system: system.value };
        return fail({
          code: 'output-not-understood',
          message: `Who answers under the name ${node.name} could not be read: ${system.because}.`,
          advice: 'Nothing was changed. Look at the machine itself, then try again.',
        });
      } finally {
        connection.release();
      }
    },
    async readNode(id) {
      await refresh(id);
      return shown.node(id);
    },
    async onControl(command, options) {
      await adopted();
      const held = control();
      const via = shown.answer()?.via;
      if (held === undefined || via === undefined) {
        return fail({
          code: 'no-control-node-answers',
          message: 'No control node of the region answers at the moment.',
          advice: 'Wait until the region is live again; what was begun is looked at then.',
        });
      }
      const result = await held.connection.run(command, options);
      return { ...result, host: via };
    },
    async onNode(name, command, options) {
      const node = shown.nodes().find((one) => one.membership.kind === 'member' && one.name === name);
      if (node === undefined) {
        return fail({
          code: 'node-not-found',
          message: `${name} is not a member of the cluster any more.`,
          advice: 'Go back to the table: it shows the nodes that the cluster names now.',
        });
      }
      if (node.observation.frozenBecause !== null) fail(identityProblem(node.observation.frozenBecause));
      const connection = await connectTo(node, options);
      try {
        // The way to an address may lead to another machine since the watch was there (R12).
        requireSameMachine(name, node.membership.record, node.observation.firstSeen, { hostKey: connection.hostKey });
        return await connection.run(command, options);
      } finally {
        connection.release();
      }
    },
  };
}

const withoutAddress: Problem = {
  code: 'address-not-found',
  message: 'Neither the cluster nor a record names an address of this node.',
  advice: 'Set ring0_addr in corosync.conf, or the address of the remote resource.',
};
