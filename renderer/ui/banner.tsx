import type { ReactElement, ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';

export interface BannerProps {
  readonly level: 'info' | 'warning' | 'danger';
  readonly icon?: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  readonly aside?: ReactNode;
  readonly actions?: ReactNode;
}

const icons = { info: 'info', warning: 'warning', danger: 'danger' } as const satisfies Record<string, IconName>;

/** A strip across the main panel: something that holds for all of it. */
export function Banner({ level, icon = icons[level], title, children, aside, actions }: BannerProps): ReactElement {
  return (
    <div className={`rk-banner rk-banner--${level}`} role="status">
      <Icon name={icon} size={16} />
      <div className="rk-banner__text">
        <b>{title}</b> {children}
      </div>
      {aside === undefined ? null : <span className="rk-banner__aside">{aside}</span>}
      {actions}
    </div>
  );
}

/** A block that warns, in the plane of the page. */
export function Notice({ level, title, children }: Pick<BannerProps, 'level' | 'title' | 'children'>): ReactElement {
  return (
    <div className={`pf-v6-c-alert pf-m-inline pf-m-${level} rk-alert rk-alert--${level}`}>
      <div className="pf-v6-c-alert__icon">
        <Icon name={icons[level]} size={16} />
      </div>
      <p className="pf-v6-c-alert__title">{title}</p>
      {children === undefined ? null : <div className="pf-v6-c-alert__description">{children}</div>}
    </div>
  );
}
