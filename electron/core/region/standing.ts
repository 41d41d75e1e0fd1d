import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { NodeRow } from '#shared/model/node.ts';
import type { Brake, Headroom } from '#shared/model/region.ts';
import {
  brakeOf,
  brakeStep,
  emptyBrakeMemory,
  liftBrake,
  type BrakeNode,
  type PulledBrake,
} from '../lifecycle/brake.ts';
import { headroomOf, headroomWarning } from '../lifecycle/headroom.ts';
import type { RegionNode } from './region-node.ts';
import { summaryOf } from './slow-summary.ts';

/** What is judged of the region as a whole, again and again: whether a node can be serviced, and whether too many fell out at once. */
export interface Standing {
  /**
   * `null` while no cluster has answered, or the status of no member is known. Computed anew with each answer, and at most every two seconds
   * else; of more than a hundred members at most every 15 ms a member: of a thousand it takes half a second.
   */
  headroom(): Headroom | null;
  brake(): Brake | null;
  /** The standing warning about headroom, in words; `null`: none. */
  warning(): string | null;
  /** A believed answer was taken over: who has left Active since the last one (R14). */
  onAnswer(): void;
  /** A person lifts the brake for a while. */
  lift(): void;
}

const recomputeAfterMs = 2000;
const [manyMembers, restMsAMember] = [100, 15];

function hostSays({ memory, observation }: RegionNode): BrakeNode['hostSays'] {
  if ((memory?.cause ?? null) !== null) return 'failed';
  const { libvirt, pools } = summaryOf(observation.slow);
  return libvirt.kind === 'unknown' || pools.kind === 'unknown' ? 'unread' : 'well';
}

export function createStanding(options: {
  readonly now: () => number;
  readonly answer: () => ClusterAnswer | undefined;
  readonly nodes: () => readonly RegionNode[];
  readonly rowOf: (node: RegionNode) => NodeRow;
  /** Where a brake that was pulled is kept: a restart is no override (R14). */
  readonly kept: {
    loadBrake(): PulledBrake | null;
    /** `at`: UTC ms. */
    saveBrake(brake: PulledBrake | null, at: number): void;
  };
}): Standing {
  const { now, answer, rowOf, kept } = options;
  const members = () => options.nodes().filter(({ membership }) => membership.kind === 'member');
  let memory = { ...emptyBrakeMemory, pulled: kept.loadBrake() };
  let brake: Brake | null = memory.pulled === null ? null : brakeOf(memory.pulled);
  let computed: { readonly at: number; readonly of: ClusterAnswer; readonly headroom: Headroom } | undefined;

  function headroom(): Headroom | null {
    const of = answer();
    if (of === undefined) return null;
    const nodes = members();
    // Of nodes that nobody sees nothing is said: not that they are out, and not that they are there.
    if (nodes.length > 0 && nodes.every(({ status }) => status.unknownSince !== null)) return null;
    const restMs = nodes.length > manyMembers ? nodes.length * restMsAMember : 0;
    const leastMs = computed?.of === of ? Math.max(recomputeAfterMs, restMs) : restMs;
    // A clock that was set back has made it no younger.
    if (computed !== undefined && Math.abs(now() - computed.at) < leastMs) return computed.headroom;
    const found = headroomOf({
      nodes: nodes.map((node) => ({ ...rowOf(node), name: node.name })),
      answer: of,
      configuration: null,
      passthrough: new Set(nodes.flatMap(({ observation }) => summaryOf(observation.slow).passthrough)),
      now: now(),
    });
    computed = { at: now(), of, headroom: found };
    return found;
  }

  function step(): void {
    const { pulled } = memory;
    const seen = members().map((node) => ({
      name: node.name,
      status: node.status.status,
      isUnknown: node.status.unknownSince !== null,
      hasOperation: node.membership.operation !== null || node.membership.record.maintenance !== null,
      hostSays: hostSays(node),
    }));
    ({ memory, brake } = brakeStep(memory, seen, now()));
    if (memory.pulled !== pulled) kept.saveBrake(memory.pulled, now());
  }

  return {
    headroom,
    brake: () => brake,
    warning() {
      const found = headroom();
      return found === null ? null : headroomWarning(found, members().length);
    },
    onAnswer: step,
    lift() {
      memory = liftBrake(memory, now());
      kept.saveBrake(memory.pulled, now());
      step();
    },
  };
}
