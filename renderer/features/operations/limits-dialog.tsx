import { useState } from 'react';
import type { ReactElement } from 'react';
import type { RegionId } from '#shared/model/ids.ts';
import type { RegionView } from '#shared/model/region.ts';
import type { Problem } from '#shared/problems.ts';
import { setLimits } from '../../state/operation-actions.ts';
import { useRegions } from '../../state/regions.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemView } from '../../ui/problem-view.tsx';
import { AboutRegion } from './about-region.tsx';
import { useAsked } from './use-asked.ts';

/** What a region allows at once. It is kept in the cluster, so that every laptop keeps to it. */
export function LimitsDialog(props: {
  readonly regionId: RegionId;
  readonly onClose: () => void;
}): ReactElement | null {
  const view = useRegions((state) => state.views[props.regionId]);
  return view ? <Limits view={view} onClose={props.onClose} /> : null;
}

function Limits({ view, onClose }: { readonly view: RegionView; readonly onClose: () => void }): ReactElement {
  const [out, setOut] = useState<string | null>(null);
  const [moves, setMoves] = useState<string | null>(null);
  const { isAsking, problem, ask } = useAsked(onClose);
  const typedOut = numberOf(out ?? String(view.maxOutOfService));
  const typedMoves = numberOf(moves ?? String(view.maxMovesAtOnce));
  const change = {
    maxOutOfService: typedOut === view.maxOutOfService ? null : typedOut,
    maxMovesAtOnce: typedMoves === view.maxMovesAtOnce ? null : typedMoves,
  };
  const isWrong = typedOut === null || typedMoves === null || typedMoves < 1;
  const isSame = change.maxOutOfService === null && change.maxMovesAtOnce === null;
  const because = isAsking
    ? 'It is being kept.'
    : (heldBack(view) ?? (isWrong ? 'Enter whole numbers.' : isSame ? 'Nothing is changed.' : undefined));
  const wrong = issues(problem);
  return (
    <Dialog
      title="Limits of the region"
      width="small"
      about={<AboutRegion regionId={view.id} />}
      note={isAsking ? undefined : because}
      onClose={onClose}
      footer={
        <>
          <Button data-cancel="" onClick={onClose}>
            Cancel
          </Button>
          <Button
            variant="primary"
            unavailableBecause={because}
            onClick={() => void ask(() => setLimits(view.id, change))}
          >
            Save in the cluster
          </Button>
        </>
      }
    >
      <div className="rk-form">
        <p>Kept in the cluster: every laptop keeps to it.</p>
        <TextField
          label="Nodes out of service at once"
          hint={`Failed, Fenced, Unfencing, Entering and In maintenance count. Now: ${String(view.headroom?.out ?? 0)} out.`}
          error={typedOut === null ? 'Enter a whole number.' : wrong['maxOutOfService']}
          inputMode="numeric"
          data-first=""
          value={out ?? String(view.maxOutOfService)}
          after={<span className="rk-dim">nodes</span>}
          onText={setOut}
        />
        <TextField
          label="VM moves at once in one maintenance"
          hint="Each move shares the network with the others; 1 is the default."
          error={typedMoves === null || typedMoves < 1 ? 'Enter a whole number from 1.' : wrong['maxMovesAtOnce']}
          inputMode="numeric"
          value={moves ?? String(view.maxMovesAtOnce)}
          after={<span className="rk-dim">moves</span>}
          onText={setMoves}
        />
        {problem && Object.keys(wrong).length === 0 ? <ProblemView problem={problem} /> : null}
      </div>
    </Dialog>
  );
}

/** A whole number as typed, thousands with or without a comma; `null` where it is none. */
function numberOf(typed: string): number | null {
  const text = typed.trim().replaceAll(',', '');
  return /^\d{1,6}$/.test(text) ? Number(text) : null;
}

function heldBack({ connection, readOnlyBecause, name }: RegionView): string | undefined {
  if (connection.kind !== 'live') return `${name} does not answer now, and its limits are kept there.`;
  return readOnlyBecause === null ? undefined : `${name} is read-only: ${readOnlyBecause}`;
}

/** What the core refused, by field. */
function issues(problem: Problem | null): Readonly<Record<string, string>> {
  if (problem?.evidence?.kind !== 'input') return {};
  return Object.fromEntries(problem.evidence.issues.map(({ path, message }) => [path, message]));
}
