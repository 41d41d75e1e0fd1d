import { useCallback, useState } from 'react';
import type { NodeId } from '#shared/model/ids.ts';
import type { Problem } from '#shared/problems.ts';
import { changeTag } from '../../state/node-edits.ts';
import type { TagChange } from '../../state/node-edits.ts';
import { useRegions } from '../../state/regions.ts';
import { problemFrom } from '../../state/session.ts';

/** A change that was refused, and why. */
export interface RefusedTag {
  readonly change: TagChange;
  readonly problem: Problem;
}

/** Changes of a node's tags that are under way, and the last one that was refused. */
export interface TagChanges {
  readonly pending: readonly TagChange[];
  readonly refused: RefusedTag | null;
  readonly send: (change: TagChange) => void;
  readonly dismiss: () => void;
}

const isSame = (a: TagChange, b: TagChange): boolean => a.kind === b.kind && a.tag === b.tag;

/** Sends changes of tags, each for itself: the tags that are shown stay those that were read from the cluster. */
export function useTagChanges(nodeId: NodeId): TagChanges {
  const [pending, setPending] = useState<readonly TagChange[]>([]);
  const [refused, setRefused] = useState<RefusedTag | null>(null);
  const run = useCallback(
    async (change: TagChange): Promise<void> => {
      const regionId = useRegions.getState().currentId;
      if (regionId === null) return;
      setRefused(null);
      setPending((before) => [...before.filter((other) => !isSame(other, change)), change]);
      try {
        await changeTag({ regionId, nodeId }, change);
      } catch (error) {
        setRefused({ change, problem: problemFrom(error) });
      }
      setPending((before) => before.filter((other) => !isSame(other, change)));
    },
    [nodeId],
  );
  return {
    pending,
    refused,
    send: useCallback((change) => void run(change), [run]),
    dismiss: useCallback(() => {
      setRefused(null);
    }, []),
  };
}
