import type { ButtonHTMLAttributes, ReactElement, ReactNode, Ref } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> {
  readonly variant?: 'primary' | 'secondary' | 'link' | 'plain' | 'danger';
  readonly icon?: IconName;
  readonly iconEnd?: IconName;
  /** Why it cannot be pressed now. It stays in place, focusable, and tells this on hover and on focus. */
  readonly unavailableBecause?: string | undefined;
  readonly ref?: Ref<HTMLButtonElement>;
  readonly children?: ReactNode;
}

/** PatternFly's button in our density. */
export function Button(props: ButtonProps): ReactElement {
  const { variant = 'secondary', icon, iconEnd, unavailableBecause, children, className, onClick, ...rest } = props;
  const isUnavailable = unavailableBecause !== undefined;
  const classes = ['pf-v6-c-button', `pf-m-${variant}`, isUnavailable && 'pf-m-aria-disabled', className];
  return (
    <button
      type="button"
      {...rest}
      className={classes.filter(Boolean).join(' ')}
      aria-disabled={isUnavailable || undefined}
      data-tip={unavailableBecause ?? rest.title}
      title={undefined}
      onClick={isUnavailable ? undefined : onClick}
    >
      {icon ? (
        <span className="pf-v6-c-button__icon pf-m-start">
          <Icon name={icon} />
        </span>
      ) : null}
      {children === undefined ? null : <span className="pf-v6-c-button__text">{children}</span>}
      {iconEnd ? (
        <span className="pf-v6-c-button__icon pf-m-end">
          <Icon name={iconEnd} size={12} />
        </span>
      ) : null}
    </button>
  );
}
