import type { ReactElement } from 'react';
import { operationId } from '#shared/model/ids.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { commandWords } from '#shared/model/operation.ts';
import { stateWord } from '../../state/operation-words.ts';
import { operationHref, useOperations } from '../../state/operations.ts';
import { Notice } from '../../ui/banner.tsx';
import { formatReason, formatTime } from '../../ui/format.ts';

/** The operation that is recorded on the node, with the way to its page. */
export function NodeOperation({ row, now }: { readonly row: NodeRow; readonly now: number }): ReactElement | null {
  const { operation: record } = row;
  const known = useOperations((state) => (record ? state.byId.get(operationId(record.id)) : undefined));
  if (!record) return null;
  const { command, owner, startedAt, reason, failure } = record;
  const step = known?.steps.find(({ state }) => state === 'running' || state === 'failed')?.title;
  const state = known ? stateWord(known.state).toLowerCase() : failure === null ? 'recorded' : 'failed';
  const isWaiting = failure !== null || known?.state.kind === 'failed' || known?.state.kind === 'unattended';
  const facts = [
    step ?? '',
    reason === '' ? '' : `“${reason}”`,
    `${owner}, since ${formatTime(startedAt, now)}`,
    failure === null ? '' : formatReason(failure, now),
  ];
  return (
    <Notice level={isWaiting ? 'warning' : 'info'} title={`${commandWords[command]}: ${state}`}>
      {facts.filter(Boolean).join(', ')}. <a href={operationHref(record.id)}>Open operation</a>
    </Notice>
  );
}
