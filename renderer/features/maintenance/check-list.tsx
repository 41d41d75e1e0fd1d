import type { ReactElement, ReactNode } from 'react';
import type { PreflightCheck } from '#shared/model/maintenance.ts';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon.tsx';
import { told } from './told.ts';

const looks: Readonly<Record<PreflightCheck['state'], { readonly icon: IconName; readonly word: string }>> = {
  blocker: { icon: 'danger', word: 'Blocker' },
  unknown: { icon: 'question', word: 'Not known' },
  warning: { icon: 'warning', word: 'Warning' },
  pass: { icon: 'ok', word: 'Passed' },
};
const order = ['blocker', 'unknown', 'warning', 'pass'] as const;

/** Blockers first, then what is not known, warnings, and what passed as one line each. */
export function CheckList(props: {
  readonly checks: readonly PreflightCheck[];
  /** Codes of checks that are not as they were. */
  readonly changed?: ReadonlySet<string>;
  /** What can be done about a check from here. */
  readonly actions?: (check: PreflightCheck) => ReactNode;
}): ReactElement {
  const { checks, changed, actions } = props;
  const sorted = order.flatMap((state) => checks.filter((check) => check.state === state));
  return (
    <ul className="rk-pf" aria-label="Checks">
      {sorted.map((check) => {
        const { icon, word } = looks[check.state];
        const doable = actions?.(check);
        return (
          <li key={check.code} className={`rk-pf__one rk-pf__one--${check.state}`}>
            <Icon name={icon} size={15} />
            <b>
              <span className="rk-sr">{word}: </span>
              {check.title}
              {changed?.has(check.code) ? <ChangedMark /> : null}
            </b>
            <span className="rk-pf__figure">{told(check.figure)}</span>
            {check.words === '' ? null : <p>{named(told(check.words), check.subjects)}</p>}
            {check.fix === '' ? null : <p>{told(check.fix)}</p>}
            {doable ? <div className="rk-pf__do">{doable}</div> : null}
          </li>
        );
      })}
    </ul>
  );
}

/** Stands beside what is not as it was. */
export const ChangedMark = (): ReactElement => <span className="rk-pf__new">changed</span>;

/** The words with the names they are about in bold, so that a name is found at a glance. */
function named(words: string, subjects: readonly string[]): ReactNode {
  const longestFirst = subjects.filter((name) => name !== '').toSorted((one, other) => other.length - one.length);
  if (longestFirst.length === 0) return words;
  const pattern = new RegExp(`(${longestFirst.map((name) => literal(name)).join('|')})`, 'u');
  return words.split(pattern).map((part, index) =>
    // A split with a group has the names at its odd places.
    index % 2 === 1 ? <b key={`${String(index)} ${part}`}>{part}</b> : part,
  );
}

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
