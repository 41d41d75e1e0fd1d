import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { memberId, regionId, type NodeId } from '#shared/model/ids.ts';
import type { Operation } from '#shared/model/operation.ts';
import { known } from '#shared/model/reading.ts';
import { problemOf } from '#shared/problems.ts';
import type { PreflightNode } from '../../../../electron/core/lifecycle/preflight/facts.ts';
import type { Request } from '../../../../electron/core/operations/begin.ts';
import { createOperationCalls } from '../../../../electron/core/operations/calls.ts';
import { createLeaseWatch } from '../../../../electron/core/operations/lease-watch.ts';
import type { Operations } from '../../../../electron/core/operations/operations.ts';
import type { RegionOperations } from '../../../../electron/core/operations/operations-of-region.ts';
import type { RegionAccess } from '../../../../electron/core/region/region-access.ts';
import { slowReadingsLater, type SlowSummary } from '../../../../electron/core/region/slow-summary.ts';
import { frameSections } from '../../../../electron/core/ssh/sections.ts';
import type { CommandResult, RemoteCommand } from '../../../../electron/core/ssh/transport.ts';
import { capture } from '../cluster/capture.ts';
import { configurationOf, healthyAnswer, noon } from '../lifecycle/preflight/facts-of.ts';
import { nodesOf } from '../lifecycle/preflight/nodes-of.ts';

/** What the contract's calls of a region are judged by, and what they would have begun. */
export interface ActingRegion {
  readonly calls: Operations;
  answer: ClusterAnswer;
  cib: string;
  /** Changes what is read of the machines. */
  nodes: (nodes: readonly PreflightNode[]) => readonly PreflightNode[];
  /** Actions that the scheduler answers for these edits, as crm_simulate prints them. */
  simulates: (edits: string) => string;
  /** Operations that this laptop lists. */
  operations: readonly Operation[];
  /** Milliseconds of the clock that nobody sets. */
  monotonic: number;
  /** Called once the admission is held, before what was asked for is judged again. */
  onAdmitted: () => void;
  /** Called before each read of the cluster. */
  onRead: () => void;
  /** What was begun: the request, and what it was judged to be. */
  readonly begun: (Pick<Request, 'command' | 'reason' | 'replaces'> & Awaited<ReturnType<Request['judge']>>)[];
  /** The code that a call is refused with; `begun` where it is not. */
  readonly codeOf: (call: Promise<unknown>) => Promise<string>;
}

/** A captured healthy region; everything that a preflight asks is answered, and a start is held to what it judges, once. */
export function actingRegion(): ActingRegion {
  const configuration = configurationOf();
  const preflightNodes = () => world.nodes(nodesOf(world.answer, configuration, noon));
  const rows = () =>
    preflightNodes().map((node) => ({
      ...node,
      id: memberId(node.name),
      name: node.shownName,
      hostname: node.name,
      reachability: node.host.reachability,
      machineId: known('8d1f04c2e7aa', noon, 60_000),
      address: known('10.213.0.12', noon, 60_000),
      operation: world.answer.records.operations.find((one) => one.node === node.name) ?? null,
      maintenance: null,
    }));
  const nodes = () =>
    preflightNodes().map(({ name, role, status, host, services }) => {
      const { libvirt, domains, pools, carrier } = host;
      const clusterServices = known({ control: true, worker: true }, noon, 5000);
      const summary = { libvirt, domains, pools, carrier, clusterServices } as unknown as SlowSummary;
      const slow = slowReadingsLater(summary, () => ({ services, domains, pools }) as never);
      const { reachability, clockOffsetMs } = host;
      return {
        id: memberId(name),
        name,
        status,
        memory: undefined,
        membership: { kind: 'member', role },
        observation: { reachability, clockOffsetMs, frozenBecause: null, slow },
      };
    });
  const region = {
    profile: { id: regionId('region'), name: 'Frankfurt 2' },
    view: () => ({
      name: 'Frankfurt 2',
      connection: { kind: 'live', via: 'lab-c1' },
      quorum: { isQuorate: true },
      readOnlyBecause: null,
      brake: null,
      maxOutOfService: 1,
    }),
    rows,
    nodes,
    row: (id: NodeId) => rows().find((row) => row.id === id),
    node: (id: NodeId) => nodes().find((node) => node.id === id),
    answer: () => world.answer,
    async readFresh() {
      world.onRead();
      return world.answer;
    },
    readNode: async (id: NodeId) => nodes().find((node) => node.id === id),
    onControl: async (command: RemoteCommand) => answerTo(world, command),
    onNode: async (_node: string, command: RemoteCommand) => answerTo(world, command),
  } as unknown as RegionAccess;
  async function start({ command, reason, replaces, judge }: Request): Promise<void> {
    world.onAdmitted();
    world.begun.push({ command, reason, replaces, ...(await judge()) });
  }
  const operations = {
    watch: createLeaseWatch(() => world.monotonic),
    list: () => world.operations,
    start,
    async startInTurn(row: readonly { readonly request: Request }[]) {
      for (const { request } of row) await start(request);
    },
  } as unknown as RegionOperations;
  const world: ActingRegion = {
    calls: createOperationCalls({
      region,
      operations,
      journal: { list: () => [] } as never,
      now: () => noon,
      monotonic: () => world.monotonic,
      onSmallChange: () => {},
    }),
    answer: healthyAnswer(),
    cib: capture('healthy/lab-c1/cib.xml'),
    nodes: (all) => all,
    simulates: pinsAreKept,
    operations: [],
    monotonic: 0,
    onAdmitted: () => {},
    onRead: () => {},
    begun: [],
    async codeOf(call) {
      try {
        await call;
        return 'begun';
      } catch (error) {
        const code = problemOf(error)?.code;
        if (code === undefined) throw error;
        return code;
      }
    },
  };
  return world;
}

type Sections = Parameters<typeof frameSections>[0];

function answerTo(world: ActingRegion, { script, args = [] }: RemoteCommand): CommandResult {
  const [nonce = '', ...words] = args;
  const text = (name: string, told: string) => ({ name, text: told, status: 0 });
  const told = (): Sections => {
    if (script.includes('crm_simulate')) {
      const requests = words.join('\n').split('simulate\n').slice(1);
      return [
        text('cib', '<cib epoch="1" num_updates="1" have-quorum="1">'),
        ...requests.map((edits, index) =>
          text(
            String(index + 1),
            `<pacemaker-result><actions>${world.simulates(edits)}</actions><status code="0" message="OK"/></pacemaker-result>`,
          ),
        ),
      ];
    }
    if (script.includes('stonith_admin')) {
      const devices = configurationOf().fencingDevices.map(({ resource }) => `<item>${resource}</item>`);
      return [
        text('crm_mon', capture('healthy/lab-c1/crm_mon.xml')),
        text('list', `<r><list>${devices.join('')}</list><status code="0"/></r>`),
      ];
    }
    if (script.includes('cibadmin -Q')) return [text('cib', world.cib), text('uname', 'lab-c1\n')];
    if (script.includes('virsh list')) return [text('list', ''), text('jobs', '')];
    if (script.includes('getent')) return words.map((_target, index) => text(String(index + 1), 'host\n'));
    throw new Error(`Nobody answers ${script}`);
  };
  return { ...frameSections(told(), nonce), exitStatus: 0, durationMs: 1 };
}

/** A scheduler that follows every pin, and would do nothing else. */
export function pinsAreKept(edits: string): string {
  return [...edits.matchAll(/<rsc_location id="rackside-move-[^"]*" rsc="([^"]*)" node="([^"]*)"/gu)]
    .map(
      ([, resource, target]) =>
        `<rsc_action action="migrate" resource="${resource}" source="lab-c2" dest="${target}"/>`,
    )
    .join('');
}
