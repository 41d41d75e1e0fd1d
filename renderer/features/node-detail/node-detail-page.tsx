import type { ReactElement } from 'react';
import type { NodeId } from '#shared/model/ids.ts';

export function NodeDetailPage({ nodeId }: { readonly nodeId: NodeId }): ReactElement {
  return <p>{nodeId}</p>;
}
