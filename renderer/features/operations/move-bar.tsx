import type { ReactElement } from 'react';

/** How far something has moved. The numbers stand beside it; it is a picture of them. */
export function MoveBar(props: { readonly share: number; readonly tone: 'link' | 'warn' | 'done' }): ReactElement {
  const percent = Math.max(0, Math.min(1, props.share)) * 100;
  return (
    <span className={`rk-bar rk-mv rk-mv--${props.tone}`} aria-hidden="true">
      <i style={{ width: `${percent.toFixed(1)}%` }} />
    </span>
  );
}
