import type { ReactElement } from 'react';
import type { Operation } from '#shared/model/operation.ts';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon.tsx';

/** The shape before an operation's state. Its word stands beside it. */
export function OperationMark({ operation }: { readonly operation: Operation }): ReactElement {
  const { icon, tone } = mark(operation);
  return (
    <span className={`rk-om rk-om--${tone}`}>
      <Icon name={icon} />
    </span>
  );
}

function mark({ state }: Operation): { readonly icon: IconName; readonly tone: string } {
  switch (state.kind) {
    case 'queued':
      return { icon: 'clock', tone: 'dim' };
    case 'running':
    case 'elsewhere':
      return { icon: 'move', tone: 'link' };
    case 'cancelling':
    case 'rolling-back':
      return { icon: 'close', tone: 'link' };
    case 'failed':
      return { icon: 'danger', tone: 'bad' };
    case 'unattended':
      return { icon: 'warning', tone: 'warn' };
    case 'ended':
      return state.outcome === 'succeeded' ? { icon: 'ok', tone: 'ok' } : { icon: 'no', tone: 'dim' };
  }
}
