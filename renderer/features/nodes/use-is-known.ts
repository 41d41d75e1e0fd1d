import { useNodes } from '../../state/nodes.ts';
import { currentView, useRegions } from '../../state/regions.ts';

/** Whether it is known which nodes the region has: some are there, or a cluster that answers has none. What is not known is not counted as 0. */
export function useIsKnown(): boolean {
  const isLive = useRegions((state) => currentView(state)?.connection.kind === 'live');
  return useNodes(({ phase, rows }) => rows.size > 0 || (phase.kind === 'ready' && isLive));
}
