import { useEffect, useState } from 'react';
import type { FocusEvent, ReactElement } from 'react';
import { goToOperation } from '../state/operation-actions.ts';
import { operationHref } from '../state/operations.ts';
import { useClock } from '../state/clock.ts';
import { dropToast, useToasts } from '../state/toasts.ts';
import type { Toast } from '../state/toasts.ts';
import { formatReason } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import type { IconName } from '../ui/icon.tsx';
import { useRoute } from './route.ts';

/** What went well leaves by itself after so long, unless it is looked at, ms. What needs a person stays. */
const leavesAfterMs = 15_000;

/** What happened while a person looked elsewhere, above everything but dialogs. */
export function ToastHost(): ReactElement {
  const all = useToasts((state) => state.toasts);
  const route = useRoute();
  // The page of an operation says all of it, and its buttons are not to be covered.
  const toasts = all.filter(({ operation }) => route.page !== 'operation' || route.operationId !== operation.id);
  const [isHeld, setHeld] = useState(false);
  return (
    <section
      className="rk-toasts"
      aria-label="Notifications"
      role="region"
      aria-live="polite"
      aria-relevant="additions text"
      onPointerEnter={() => {
        setHeld(true);
      }}
      onPointerLeave={() => {
        setHeld(false);
      }}
      onFocus={() => {
        setHeld(true);
      }}
      onBlur={(event: FocusEvent<HTMLElement>) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setHeld(false);
      }}
    >
      {toasts.map((toast) => (
        <ToastView key={toast.id} toast={toast} isHeld={isHeld} />
      ))}
    </section>
  );
}

const icons = { info: 'info', success: 'ok', warning: 'warning', danger: 'danger' } as const satisfies Record<
  Toast['level'],
  IconName
>;

function ToastView({ toast, isHeld }: { readonly toast: Toast; readonly isHeld: boolean }): ReactElement {
  const { id, level, title, text, operation } = toast;
  const leaves = level === 'success' || level === 'info';
  useEffect(() => {
    if (!leaves || isHeld) return undefined;
    const timer = setInterval(() => {
      // Under a dialog or in a window that is hidden nobody has seen it yet.
      if (document.visibilityState === 'visible' && !document.querySelector('dialog[open]')) dropToast(id);
    }, leavesAfterMs);
    return () => {
      clearInterval(timer);
    };
  }, [id, leaves, isHeld]);
  return (
    <div className={`rk-toast rk-toast--${level}`}>
      <Icon name={icons[level]} size={15} />
      <b>{title}</b>
      <button
        type="button"
        className="rk-toast__close"
        aria-label={`Dismiss: ${title}`}
        onClick={() => {
          dropToast(id);
        }}
      >
        <Icon name="close" size={13} />
      </button>
      <span className="rk-toast__text">
        {text === '' ? '' : `${formatReason(text, useClock.getState().now)} `}
        <a
          href={operationHref(operation.id)}
          onClick={(event) => {
            event.preventDefault();
            dropToast(id);
            goToOperation(operation.regionId, operation.id);
          }}
        >
          Open operation
        </a>
      </span>
    </div>
  );
}
