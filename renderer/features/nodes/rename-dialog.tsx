import { useState } from 'react';
import type { ReactElement } from 'react';
import type { NodeId } from '#shared/model/ids.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { foldedName, wrongText } from '#shared/model/texts.ts';
import type { Problem } from '#shared/problems.ts';
import type { NodeOfRegion } from '../../state/maintenance-actions.ts';
import { useRefusal } from '../../state/node-actions.ts';
import { renameNode } from '../../state/node-edits.ts';
import { useNodes } from '../../state/nodes.ts';
import { currentProfile, useRegions } from '../../state/regions.ts';
import { problemFrom } from '../../state/session.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { onEnter } from '../../ui/keyboard.ts';
import { ProblemView } from '../../ui/problem-view.tsx';
import { RegionName } from '../../ui/region-name.tsx';
import { dropDraft, isContested, keepDraft, keptDraft, newDraft, plateFields, wantedPlate } from './rename-draft.ts';
import type { RenameDraft } from './rename-draft.ts';
import { PlateField } from './rename-field.tsx';

interface RenameProps {
  readonly nodeId: NodeId;
  readonly onClose: () => void;
}

/** Rename Node: the name and the description that are shown, in the cluster for everybody. The node is the one it was opened on. */
export function RenameDialog({ nodeId, onClose }: RenameProps): ReactElement | null {
  const [regionId] = useState(() => useRegions.getState().currentId);
  const row = useNodes((state) => (state.regionId === regionId ? state.rows.get(nodeId) : undefined));
  const [last] = useState(row);
  const shown = row ?? last;
  if (regionId === null || !shown) return null;
  return <RenameForm on={{ regionId, nodeId }} row={shown} isGone={!row} onClose={onClose} />;
}

function RenameForm(props: {
  readonly on: NodeOfRegion;
  readonly row: NodeRow;
  readonly isGone: boolean;
  readonly onClose: () => void;
}): ReactElement {
  const { on, row, isGone, onClose } = props;
  const [draft, setDraft] = useState(() => keptDraft(on) ?? newDraft(row));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSending, setSending] = useState(false);
  const refused = useRefusal('rename', row);
  const taken = useNodes((state) => nameTakenBy(state.rows.values(), row.id, wantedPlate(draft, row).name));
  const change = (next: RenameDraft): void => {
    setDraft(next);
    keepDraft(on, next);
  };
  const wanted = wantedPlate(draft, row);
  const contested = plateFields.filter((field) => isContested(draft, field, row));
  const isWrong = plateFields.some((field) => wrongText(field, wanted[field]) !== undefined);
  const missing = missingWords({
    isGone,
    refused,
    isSending,
    isTaken: taken !== undefined,
    isWrong,
    name: wanted.name,
    contested: contested.length,
  });
  const isSame = wanted.name === row.name && wanted.description === row.description;
  const send = async (): Promise<void> => {
    if (missing !== undefined) return;
    if (isSame) {
      dropDraft(on);
      onClose();
      return;
    }
    setSending(true);
    setProblem(null);
    try {
      // What the person saw is what stands beside their own text now: anything newer is refused and shown.
      await renameNode(on, wanted, { name: row.name, description: row.description });
      dropDraft(on);
      onClose();
    } catch (error) {
      setProblem(problemFrom(error));
      setSending(false);
    }
  };
  // Nothing here can do harm, so Enter sends it.
  const onKeyDown = onEnter(() => void send());
  return (
    <Dialog
      title="Rename Node"
      width="small"
      about={<About row={row} />}
      note={missing}
      onClose={onClose}
      footer={
        <>
          <Button data-cancel="" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="primary" unavailableBecause={missing} onClick={() => void send()}>
            OK
          </Button>
        </>
      }
    >
      <div className="rk-form">
        {problem ? <ProblemView problem={problem} /> : null}
        <PlateField
          field="name"
          label="Name"
          hint={`The hostname, ${row.hostname}, stays.`}
          error={taken === undefined ? undefined : `Another node of the region is called that: ${taken}.`}
          isRequired
          {...{ draft, row, change, onKeyDown }}
        />
        <PlateField field="description" label="Description" hint="Optional." {...{ draft, row, change, onKeyDown }} />
      </div>
    </Dialog>
  );
}

function About({ row }: { readonly row: NodeRow }): ReactElement {
  const region = useRegions(currentProfile);
  return (
    <>
      <b>{row.name}</b>
      {region ? <RegionName region={region} /> : null}
    </>
  );
}

/** The core judges it again; here it is said before it is sent. @returns the other's name, with its hostname where that is the same. */
function nameTakenBy(rows: Iterable<NodeRow>, own: NodeId, name: string): string | undefined {
  const wanted = foldedName(name);
  for (const row of rows) {
    if (row.id === own) continue;
    if (foldedName(row.name) === wanted) return row.name;
    if (foldedName(row.hostname) === wanted) return `${row.name}, hostname ${row.hostname}`;
  }
  return undefined;
}

function missingWords(at: {
  readonly isGone: boolean;
  readonly refused: string | undefined;
  readonly isSending: boolean;
  readonly isTaken: boolean;
  readonly isWrong: boolean;
  readonly name: string;
  readonly contested: number;
}): string | undefined {
  if (at.isGone) return 'The node is not in the region any more.';
  if (at.refused !== undefined) return at.refused;
  if (at.isSending) return 'It is being written into the cluster.';
  if (at.name === '') return 'A name is required.';
  if (at.isWrong) return 'Correct what is marked.';
  if (at.isTaken) return 'The name is taken.';
  if (at.contested > 0) return 'Choose which of the two stays.';
  return undefined;
}
