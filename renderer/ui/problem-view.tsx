import { useContext, useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import type { Problem, ProblemEvidence } from '#shared/problems.ts';
import { Button } from './button.tsx';
import { formatReason } from './format.ts';
import { CopiedFrom } from './copied-from.ts';
import { CopyButton } from './copy-button.tsx';
import { Icon } from './icon.tsx';

export interface ProblemViewProps {
  readonly problem: Problem;
  /** Where the message alone does not say what failed. */
  readonly title?: string;
  readonly actions?: ReactNode;
}

/** A problem in words: what happened, to which machine, why, what to do; the output behind it is one click away, and copyable. */
export function ProblemView({ problem, title, actions }: ProblemViewProps): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const from = useContext(CopiedFrom);
  const output = outputOf(problem.evidence);
  // A moment in it is the reader's; it is written in full, so that it needs no clock.
  const message = formatReason(problem.message, 0, 'exact');
  return (
    <div className="rk-problem" role="alert">
      <p className="rk-problem__title">
        <Icon name="danger" size={16} />
        <b>{title ?? message}</b>
      </p>
      {title === undefined ? null : <p>{message}</p>}
      <p className="rk-dim">{formatReason(problem.advice, 0, 'exact')}</p>
      <div className="rk-problem__do">
        {actions}
        {output === null ? null : (
          <Button
            variant="link"
            aria-expanded={isOpen}
            onClick={() => {
              setOpen(!isOpen);
            }}
          >
            {isOpen ? 'Hide output' : 'Show output'}
          </Button>
        )}
        <CopyButton text={problemText(problem, from)} label="Copy" />
      </div>
      {/* What scrolls must be reachable by keyboard. */}
      {isOpen && output !== null ? <pre tabIndex={0}>{output}</pre> : null}
    </div>
  );
}

/** The whole problem as text, for a ticket; `from` stands first where it is not empty (`CopiedFrom`). */
export function problemText(problem: Problem, from = ''): string {
  const output = outputOf(problem.evidence);
  const words = [`${problem.code}: ${problem.message}`, problem.advice].map((text) => formatReason(text, 0, 'iso'));
  return [from, ...words, output].filter(Boolean).join('\n');
}

/** What stands behind a problem, as text; `null` where there is nothing to see. */
export function outputOf(evidence: ProblemEvidence | undefined): string | null {
  if (!evidence) return null;
  switch (evidence.kind) {
    case 'output':
      return [`$ ${evidence.command}`, evidence.stdout, evidence.stderr].filter((part) => part !== '').join('\n');
    case 'host-key': {
      const known = evidence.known.map(
        (key, index) => `known  ${key.type} ${key.fingerprint} ${evidence.knownFrom[index] ?? ''}`,
      );
      return [`host   ${evidence.host}`, `shown  ${evidence.shown.type} ${evidence.shown.fingerprint}`, ...known].join(
        '\n',
      );
    }
    case 'input':
      return evidence.issues.map(({ path, message }) => `${path}: ${message}`).join('\n');
    case 'secret':
    case 'conversation':
      return null;
  }
}
