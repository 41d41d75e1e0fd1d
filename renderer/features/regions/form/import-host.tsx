import { useState } from 'react';
import type { ReactElement } from 'react';
import type { ImportedHost } from '#shared/contract/regions.ts';
import type { Problem } from '#shared/problems.ts';
import { importHost } from '../../../state/region-actions.ts';
import { problemFrom } from '../../../state/session.ts';
import { Button } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/field.tsx';

type Outcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'reading' }
  | { readonly kind: 'done'; readonly host: ImportedHost }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** Fills the form from `~/.ssh/config`, and says from which of its lines. */
export function ImportHost({
  onImported,
}: {
  readonly onImported: (typed: string, host: ImportedHost) => void;
}): ReactElement {
  const [name, setName] = useState('');
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' });
  const read = async (): Promise<void> => {
    setOutcome({ kind: 'reading' });
    try {
      const host = await importHost(name);
      setOutcome({ kind: 'done', host });
      onImported(name.trim(), host);
    } catch (error) {
      setOutcome({ kind: 'failed', problem: problemFrom(error) });
    }
  };
  return (
    <TextField
      label="Import from ~/.ssh/config"
      value={name}
      placeholder="A host’s name there"
      onText={(text) => {
        setName(text);
        setOutcome({ kind: 'none' });
      }}
      error={outcome.kind === 'failed' ? `${outcome.problem.message} ${outcome.problem.advice}` : undefined}
      hint={<span role="status">{importedWords(outcome)}</span>}
      after={
        <Button
          unavailableBecause={name.trim() === '' ? 'Enter a host’s name first.' : undefined}
          onClick={() => void read()}
        >
          Import
        </Button>
      }
    />
  );
}

function importedWords(outcome: Outcome): string {
  if (outcome.kind === 'reading') return 'Reading the file …';
  if (outcome.kind !== 'done') return 'Fills in address, port, user, keys and jump hosts.';
  const { host } = outcome;
  return host.from.length === 0
    ? `The file says nothing of this host; its name was taken as the address ${host.host}.`
    : `Filled in from ${host.from.join(', ')}.`;
}
