import { useState } from 'react';
import type { ReactElement } from 'react';
import type { RegionId } from '#shared/model/ids.ts';
import { limitBounds, type RegionView } from '#shared/model/region.ts';
import type { Problem } from '#shared/problems.ts';
import { setLimits } from '../../state/operation-actions.ts';
import { useRegions } from '../../state/regions.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { CheckField, TextField } from '../../ui/field.tsx';
import { formatPlural } from '../../ui/format.ts';
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
  const [isMeant, setMeant] = useState(false);
  const typedOut = within('maxOutOfService', out ?? String(view.maxOutOfService));
  const typedMoves = within('maxMovesAtOnce', moves ?? String(view.maxMovesAtOnce));
  const change = {
    maxOutOfService: typedOut === view.maxOutOfService ? null : typedOut,
    maxMovesAtOnce: typedMoves === view.maxMovesAtOnce ? null : typedMoves,
  };
  const isWrong = typedOut === null || typedMoves === null;
  const nodes = view.headroom === null ? null : view.headroom.active + view.headroom.out;
  const isLoose = change.maxOutOfService !== null && nodes !== null && change.maxOutOfService > nodes / 2;
  const isSame = change.maxOutOfService === null && change.maxMovesAtOnce === null;
  const because = isAsking
    ? 'It is being kept.'
    : (heldBack(view) ?? whyNotSaved({ isWrong, isSame, isOpen: isLoose && !isMeant }));
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
          hint={`Failed, Fenced, Unfencing, Entering and In maintenance count. Now: ${view.headroom === null ? 'not known' : `${String(view.headroom.out)} out`}.`}
          error={typedOut === null ? 'Enter a whole number from 0 to 10,000.' : wrong['maxOutOfService']}
          isJudgedLive={typedOut === null}
          inputMode="numeric"
          data-first=""
          value={out ?? String(view.maxOutOfService)}
          after={<span className="rk-dim">nodes</span>}
          onText={(text) => {
            setOut(text);
            setMeant(false);
          }}
        />
        {isLoose ? (
          <CheckField
            label={`More than half of the ${formatPlural(nodes, 'node')} may be out of service at once: this limit protects nobody any more. It is meant so.`}
            isChecked={isMeant}
            onChange={setMeant}
          />
        ) : null}
        <TextField
          label="VM moves at once in one maintenance"
          hint="Each move shares the network with the others; 1 is the default."
          error={typedMoves === null ? 'Enter a whole number from 1 to 16.' : wrong['maxMovesAtOnce']}
          isJudgedLive={typedMoves === null}
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

/** A whole number as typed, thousands with or without a comma; `null` where it is none, or none that the region may have. */
function within(limit: keyof typeof limitBounds, typed: string): number | null {
  const text = typed.trim().replaceAll(',', '');
  const { least, most } = limitBounds[limit];
  const value = /^\d{1,6}$/.test(text) ? Number(text) : null;
  return value === null || value < least || value > most ? null : value;
}

function whyNotSaved(what: {
  readonly isWrong: boolean;
  readonly isSame: boolean;
  readonly isOpen: boolean;
}): string | undefined {
  if (what.isWrong) return 'Correct what is marked.';
  if (what.isSame) return 'Nothing is changed.';
  return what.isOpen ? 'Tick that so many nodes may be out at once.' : undefined;
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
