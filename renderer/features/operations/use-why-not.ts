import { nodeContext } from '#shared/lifecycle/context.ts';
import { objectionToGoingOn } from '#shared/lifecycle/going-on.ts';
import type { Operation, OperationAction } from '#shared/model/operation.ts';
import { useRefusals, useRegionContext } from '../../state/node-actions.ts';
import { useNodes } from '../../state/nodes.ts';
import { useRegions } from '../../state/regions.ts';

const notLinked = 'Rackside itself does not answer this page, so nothing can be asked of it.';

/**
 * Why an action of an operation is not available as its node and region are now, in the words of the core; `undefined`: nothing is known
 * against it. What this laptop drives is cancelled in any case.
 */
export function useWhyNot({
  regionId,
  nodeId,
  command,
}: Operation): (action: OperationAction['action']) => string | undefined {
  const isLinked = useRegions((state) => state.link.kind === 'connected');
  const region = useRegionContext();
  const refusal = useRefusals();
  const row = useNodes((state) => (state.regionId === regionId ? state.rows.get(nodeId) : undefined));
  return (action) => {
    if (!isLinked) return notLinked;
    if (region === null || row === undefined) return undefined;
    if (action === 'force') return refusal('force-maintenance', row);
    if (action !== 'continue' && action !== 'roll-back') return undefined;
    const against = objectionToGoingOn(nodeContext(row, region), command);
    return against === undefined ? undefined : `${against.because} ${against.until}`;
  };
}
