import { useState } from 'react';
import type { MaintenanceChoices } from '#shared/model/maintenance.ts';
import { noChoices } from '#shared/model/maintenance.ts';
import type { NodeId } from '#shared/model/ids.ts';
import type { NodeOfRegion } from '../../state/maintenance-actions.ts';

/** What was written and chosen on a node and not sent. What confirms is never kept: it is ticked and typed on what stands there now. */
export interface NodeDraft {
  readonly reason: string;
  readonly choices: MaintenanceChoices;
}

const emptyDraft: NodeDraft = { reason: '', choices: noChoices };

/** By region and node, so that Escape loses nothing; it lives as long as the page. One node's dialogs share its reason. */
const drafts = new Map<string, NodeDraft>();

const keyOf = ({ regionId, nodeId }: NodeOfRegion): string => `${regionId} ${nodeId}`;

export const keptDraft = (on: NodeOfRegion): NodeDraft => drafts.get(keyOf(on)) ?? emptyDraft;

export function keepDraft(on: NodeOfRegion, change: Partial<NodeDraft>): void {
  drafts.set(keyOf(on), { ...keptDraft(on), ...change });
}

/** After it was sent. */
export function dropDraft(on: NodeOfRegion): void {
  drafts.delete(keyOf(on));
}

/** The draft of one node, for a field: what is put in is kept at once. */
export function useDraft(on: NodeOfRegion): readonly [NodeDraft, (change: Partial<NodeDraft>) => void] {
  const [draft, setDraft] = useState(() => keptDraft(on));
  return [
    draft,
    (change) => {
      keepDraft(on, change);
      setDraft(keptDraft(on));
    },
  ];
}

/** One reason for several nodes: that of the first that has one. */
export const keptReason = (nodes: readonly NodeOfRegion[]): string =>
  nodes.map((on) => keptDraft(on).reason).find((reason) => reason !== '') ?? '';

/** What is chosen for several nodes at once is what was chosen on each of them: none of it is done where it is not shown as chosen. */
export function keptForAll(
  nodes: readonly NodeOfRegion[],
): Pick<MaintenanceChoices, 'movesOnlyWhatCan' | 'stopsServices'> {
  const all = nodes.map((on) => keptDraft(on).choices);
  return {
    movesOnlyWhatCan: all.every(({ movesOnlyWhatCan }) => movesOnlyWhatCan),
    stopsServices: all.every(({ stopsServices }) => stopsServices),
  };
}

export type ByNode<T> = Readonly<Record<NodeId, T>>;
