import type { ReactElement } from 'react';
import type { Operation } from '#shared/model/operation.ts';
import { useOperations } from '../../state/operations.ts';
import { formatPlural } from '../../ui/format.ts';
import { SlotContent } from '../../ui/slot.tsx';
import { drivenBy } from './words.ts';

/** What the status bar says of the operation that is open. */
export function OperationFoot({ operation }: { readonly operation: Operation }): ReactElement {
  const count = useOperations((state) => state.transcripts.get(operation.id)?.length ?? 0);
  return (
    <SlotContent>
      <span>
        <span className="rk-mono">{operation.id.slice(0, 8)}</span>, {formatPlural(count, 'command')}
      </span>
      <span>{drivenBy(operation)}</span>
    </SlotContent>
  );
}
