import { create } from 'zustand';
import type { NodeId, RegionId } from '#shared/model/ids.ts';
import type { NodeDetail } from '#shared/model/node.ts';
import type { Problem } from '#shared/problems.ts';
import { useNodes } from './nodes.ts';
import { useRegions } from './regions.ts';
import { activeClient, problemFrom } from './session.ts';

export interface DetailState {
  readonly nodeId: NodeId | null;
  readonly detail: NodeDetail | null;
  readonly problem: Problem | null;
  /** Since when the node is being read on request (UTC ms); `null`: it is not. */
  readonly refreshingSince: number | null;
}

const nothing: DetailState = { nodeId: null, detail: null, problem: null, refreshingSince: null };

/** The node whose page is open. */
export const useDetail = create<DetailState>(() => nothing);

/** Slow facts are asked again after a change of the node, but not more often than this. */
const followMs = 5000;

/** Opens a node's detail and follows it while its page is open; the returned function ends that. */
export function followDetail(regionId: RegionId, nodeId: NodeId): () => void {
  const controller = new AbortController();
  let askedAt = Date.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  useDetail.setState({ ...nothing, nodeId });
  void read(regionId, nodeId, controller.signal);
  let seen = useNodes.getState().rows.get(nodeId);
  const stop = useNodes.subscribe((state) => {
    const row = state.rows.get(nodeId);
    if (timer || row === seen) return;
    seen = row;
    timer = setTimeout(
      () => {
        timer = undefined;
        askedAt = Date.now();
        void read(regionId, nodeId, controller.signal);
      },
      Math.max(0, askedAt + followMs - Date.now()),
    );
  });
  return () => {
    stop();
    clearTimeout(timer);
    controller.abort();
    useDetail.setState(nothing);
  };
}

/** Reads the node's slow facts now; what was known stays where that fails, with its age and the problem. */
export async function refreshDetail(nodeId: NodeId): Promise<void> {
  const regionId = useRegions.getState().currentId;
  if (regionId === null || useDetail.getState().refreshingSince !== null) return;
  put(nodeId, { refreshingSince: Date.now(), problem: null });
  try {
    const detail = await activeClient().call('nodes.refresh', { regionId, nodeId });
    put(nodeId, { detail, refreshingSince: null });
  } catch (error) {
    put(nodeId, { problem: problemFrom(error), refreshingSince: null });
  }
}

async function read(regionId: RegionId, nodeId: NodeId, signal: AbortSignal): Promise<void> {
  try {
    put(nodeId, { detail: await activeClient().call('nodes.detail', { regionId, nodeId }, signal), problem: null });
  } catch (error) {
    const problem = problemFrom(error);
    if (problem.code !== 'cancelled') put(nodeId, { problem });
  }
}

/** An answer for a page that was left is dropped. */
function put(nodeId: NodeId, change: Partial<DetailState>): void {
  useDetail.setState((state) => (state.nodeId === nodeId ? change : state));
}
