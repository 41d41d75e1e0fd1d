import { useState } from 'react';
import type { ReactElement } from 'react';
import type { PlannedCommand } from '#shared/model/operation.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';

/** The commands as text, step by step, for a ticket: `# step`, then `host$ command`. */
export const commandText = (commands: readonly PlannedCommand[]): string =>
  commands
    .map(({ step, host, command }, index) =>
      [commands[index - 1]?.step === step ? '' : `# ${step}`, `${host}$ ${command}`].filter(Boolean).join('\n'),
    )
    .join('\n');

/** What would run, one click away and copyable. */
export function WouldRun({ commands }: { readonly commands: readonly PlannedCommand[] }): ReactElement | null {
  const [isOpen, setOpen] = useState(false);
  if (commands.length === 0) return null;
  const text = commandText(commands);
  return (
    <div className="rk-run">
      <div className="rk-run__do">
        <Button
          variant="link"
          icon={isOpen ? 'down' : 'right'}
          aria-expanded={isOpen}
          onClick={() => {
            setOpen(!isOpen);
          }}
        >
          What would run
        </Button>
        {isOpen ? <CopyButton text={text} label="Copy" /> : null}
      </div>
      {/* What scrolls must be reachable by keyboard. */}
      {isOpen ? (
        <pre tabIndex={0} role="region" aria-label="What would run">
          {text}
        </pre>
      ) : null}
    </div>
  );
}
