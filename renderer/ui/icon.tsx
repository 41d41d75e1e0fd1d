import type { ReactElement } from 'react';

/** Line icons on a 16 × 16 grid. An icon never stands alone: a word or an accessible name is beside it. */
const paths = {
  nodes:
    'M3.5 2.5h9a1 1 0 0 1 1 1V6a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V3.5a1 1 0 0 1 1-1ZM3.5 9h9a1 1 0 0 1 1 1v2.5a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V10a1 1 0 0 1 1-1ZM5 4.75h.01M5 11.25h.01',
  globe: 'M2.3 8a5.7 5.7 0 1 0 11.4 0a5.7 5.7 0 1 0-11.4 0M2.3 8h11.4M8 2.3c3.4 3.4 3.4 8 0 11.4-3.4-3.4-3.4-8 0-11.4Z',
  gear: 'M6 8a2 2 0 1 0 4 0a2 2 0 1 0-4 0M8 1.8v2M8 12.2v2M14.2 8h-2M3.8 8h-2M12.4 3.6 11 5M5 11l-1.4 1.4M12.4 12.4 11 11M5 5 3.6 3.6',
  search: 'M2.7 7a4.3 4.3 0 1 0 8.6 0a4.3 4.3 0 1 0-8.6 0M10.2 10.2l3.5 3.5',
  columns: 'M3.5 3h9a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1ZM6.2 3v10M9.8 3v10',
  download: 'M8 2.5v7.5M4.8 7 8 10.2 11.2 7M3 13.2h10',
  plus: 'M8 3v10M3 8h10',
  close: 'm4 4 8 8M12 4l-8 8',
  check: 'm3 8.5 3.2 3.2L13 4.8',
  down: 'm4.5 6.5 3.5 3.5 3.5-3.5',
  right: 'm6.5 4.5 3.5 3.5-3.5 3.5',
  left: 'M9.5 4.5 6 8l3.5 3.5',
  warning: 'M8 2.3 14.3 13.2H1.7ZM8 6.5v3M8 11.3v.01',
  danger: 'M5.5 1.8h5l3.7 3.7v5l-3.7 3.7h-5l-3.7-3.7v-5ZM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4',
  info: 'M2.1 8a5.9 5.9 0 1 0 11.8 0a5.9 5.9 0 1 0-11.8 0M8 7.3v3.5M8 5.1v.01',
  clock: 'M2.3 8a5.7 5.7 0 1 0 11.4 0a5.7 5.7 0 1 0-11.4 0M8 4.8V8l2.2 1.4',
  retry: 'M13 8a5 5 0 1 1-1.5-3.5M13 2.5v3h-3',
  copy: 'M6.5 5.5h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1ZM10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2',
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5Z',
  sun: 'M5.2 8a2.8 2.8 0 1 0 5.6 0a2.8 2.8 0 1 0-5.6 0M8 1.8v1.4M8 12.8v1.4M14.2 8h-1.4M3.2 8H1.8M12.4 3.6l-1 1M4.6 11.4l-1 1M12.4 12.4l-1-1M4.6 4.6l-1-1',
  screen: 'M3 3h10a.8.8 0 0 1 .8.8v6.4a.8.8 0 0 1-.8.8H3a.8.8 0 0 1-.8-.8V3.8A.8.8 0 0 1 3 3ZM6 13.5h4M8 11v2.5',
  offline: 'M2 6.5a8.5 8.5 0 0 1 12 0M4.3 9a5.2 5.2 0 0 1 7.4 0M8 12v.01M2.5 2.5l11 11',
  key: 'M2.7 10.5a2.8 2.8 0 1 0 5.6 0a2.8 2.8 0 1 0-5.6 0M7.5 8.5l5.5-5.5M11 5l1.7 1.7',
  lock: 'M4.5 7h7a1 1 0 0 1 1 1v4.5a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1ZM5.5 7V5a2.5 2.5 0 0 1 5 0v2',
  plug: 'M6 2v3.5M10 2v3.5M4 5.5h8v2a4 4 0 0 1-8 0ZM8 11.5V14',
  box: 'M8 1.8 13.5 4.9v6.2L8 14.2 2.5 11.1V4.9ZM2.5 4.9 8 8l5.5-3.1M8 8v6.2',
  operations: 'M1.5 8h3l2-5 3 10 2-5h3',
  ok: 'M2.1 8a5.9 5.9 0 1 0 11.8 0a5.9 5.9 0 1 0-11.8 0M5.2 8.3l2 2 3.7-4.2',
  move: 'M2.5 8H13M9.5 4.5 13 8l-3.5 3.5',
  power: 'M8 2v5.5M4.7 4.2a5 5 0 1 0 6.6 0',
  no: 'M2.3 8a5.7 5.7 0 1 0 11.4 0a5.7 5.7 0 1 0-11.4 0M4 4l8 8',
  question:
    'M2.1 8a5.9 5.9 0 1 0 11.8 0a5.9 5.9 0 1 0-11.8 0M6.3 6.4a1.75 1.75 0 1 1 2.6 1.5c-.6.35-.9.7-.9 1.3M8 11.2v.01',
  play: 'M5 3.2v9.6L12.6 8Z',
  pencil: 'M3 13l.6-2.8 7.3-7.3a1.4 1.4 0 0 1 2 0l.2.2a1.4 1.4 0 0 1 0 2L5.8 12.4ZM9.7 4.1l2.2 2.2',
  external: 'M9.5 2.5h4v4M13.5 2.5 8 8M12 9.5v3a1 1 0 0 1-1 1H3.5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1h3',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 14 }: { readonly name: IconName; readonly size?: number }): ReactElement {
  return (
    <svg className="rk-i" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}

/** The mark beside the name in the top bar: units in a rack. */
export function BrandMark(): ReactElement {
  return (
    <svg className="rk-mark" width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
      <path d="M3 1.5v15M15 1.5v15" />
      <rect x="4.5" y="3" width="9" height="3" />
      <rect className="rk-mark__mid" x="4.5" y="7.5" width="9" height="3" />
      <rect x="4.5" y="12" width="9" height="3" />
    </svg>
  );
}
