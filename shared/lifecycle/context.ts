import type { OperationRecord } from '../model/cluster.ts';
import type { NodeId } from '../model/ids.ts';
import { withUtcMoments } from '../model/moment.ts';
import type { NodeRow } from '../model/node.ts';
import type { Brake, RegionConnection, RegionView } from '../model/region.ts';
import type { NodeStatus } from './statuses.ts';

/** What a decision needs of the region, made once for all of its nodes. */
export interface RegionContext {
  readonly regionName: string;
  readonly connection: RegionConnection;
  /** False too while nothing is known of it: what is not known never passes as safe. */
  readonly isQuorate: boolean;
  readonly readOnlyBecause: string | null;
  readonly brake: Brake | null;
  /** Members of the cluster, workers included; candidates and removed nodes are none. */
  readonly memberCount: number;
  /** UTC ms; ages in the words are told for it, and the brake is lifted or not by it. */
  readonly now: number;
}

/** Everything `decide` looks at. The renderer and the core make it with the same function, of the same rows. */
export interface DecisionContext {
  readonly region: RegionContext;
  readonly nodeId: NodeId;
  readonly name: string;
  readonly status: NodeStatus;
  /** Why the status is not proven now; `null`: a quorate cluster told it. */
  readonly unknownBecause: string | null;
  readonly isMember: boolean;
  /** Another machine answers under its name (R12). */
  readonly frozenBecause: string | null;
  /** The operation that is recorded on it in the cluster. */
  readonly operation: Pick<OperationRecord, 'id' | 'command' | 'owner' | 'startedAt'> | null;
  /** Who put it into maintenance and when (UTC ms). */
  readonly maintenance: { readonly by: string; readonly at: number } | null;
}

/** The region's part. @param rows all rows of the region: its members are counted. */
export function regionContext(
  region: Pick<RegionView, 'name' | 'connection' | 'quorum' | 'readOnlyBecause' | 'brake'>,
  rows: Iterable<Pick<NodeRow, 'id'>>,
  now: number,
): RegionContext {
  let memberCount = 0;
  for (const { id } of rows) if (isMemberId(id)) memberCount += 1;
  return {
    regionName: region.name,
    connection: region.connection,
    isQuorate: region.quorum?.isQuorate === true,
    readOnlyBecause: region.readOnlyBecause,
    brake: region.brake,
    memberCount,
    now,
  };
}

/** The part of one node. */
export function nodeContext(row: NodeRow, region: RegionContext): DecisionContext {
  const { status } = row;
  return {
    region,
    nodeId: row.id,
    name: row.name,
    status: status.status,
    // A refusal may be shown where nobody writes its moments out.
    unknownBecause: status.unknownSince === null ? null : withUtcMoments(status.reason) || 'it has not been read yet',
    isMember: isMemberId(row.id),
    frozenBecause: row.frozenBecause,
    operation: row.operation,
    maintenance: row.maintenance,
  };
}

/** Both parts at once, for a single decision. */
export function decisionContext(
  row: NodeRow,
  region: RegionView,
  rows: Iterable<Pick<NodeRow, 'id'>>,
  now: number,
): DecisionContext {
  return nodeContext(row, regionContext(region, rows, now));
}

/** Ids name what a row is: `member:NAME`, `candidate:RECORD` or `out:MACHINE-ID` (`model/ids.ts`). */
const isMemberId = (id: NodeId): boolean => id.startsWith('member:');
