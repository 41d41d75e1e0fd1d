import { useState } from 'react';
import type { ReactElement } from 'react';
import type { RegionId } from '#shared/model/ids.ts';
import type { PlannedCommand } from '#shared/model/operation.ts';
import { regionWords } from '#shared/model/region-words.ts';
import { useRegions } from '../../state/regions.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';

/** The commands as text, step by step: `# step`, then `host$ command`. */
const commandText = (commands: readonly PlannedCommand[]): string =>
  commands
    .map(({ step, host, command }, index) =>
      [commands[index - 1]?.step === step ? '' : `# ${step}`, `${host}$ ${command}`].filter(Boolean).join('\n'),
    )
    .join('\n');

/** What would run, one click away and copyable for a ticket; the copy of a demo's says first that it is one. */
export function WouldRun(props: {
  readonly regionId: RegionId;
  readonly commands: readonly PlannedCommand[];
}): ReactElement | null {
  const { regionId, commands } = props;
  const region = useRegions((state) => state.profiles?.find(({ id }) => id === regionId));
  const [isOpen, setOpen] = useState(false);
  if (commands.length === 0) return null;
  const text = commandText(commands);
  const label = region === undefined || region.demoLabel === null ? '' : `# ${regionWords(region)}\n`;
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
        {isOpen ? <CopyButton text={`${label}${text}`} label="Copy" /> : null}
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
