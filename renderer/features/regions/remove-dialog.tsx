import { useState } from 'react';
import type { ReactElement } from 'react';
import type { RegionId } from '#shared/model/ids.ts';
import type { Problem } from '#shared/problems.ts';
import { removeRegion } from '../../state/region-actions.ts';
import { useRegions } from '../../state/regions.ts';
import { problemFrom } from '../../state/session.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemView } from '../../ui/problem-view.tsx';
import { RegionName } from '../../ui/region-name.tsx';
import { dropDraft } from './form/kept-drafts.ts';

/** Forgets a region on this laptop, and says that it does no more than that. */
export function RemoveDialog({
  regionId,
  onClose,
}: {
  readonly regionId: RegionId;
  readonly onClose: () => void;
}): ReactElement {
  // The name as it was when the dialog opened: it is still said while the list is already without it.
  const [profile] = useState(() => useRegions.getState().profiles?.find(({ id }) => id === regionId));
  const [isRemoving, setRemoving] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const remove = async (): Promise<void> => {
    setRemoving(true);
    try {
      await removeRegion(regionId);
      dropDraft(regionId);
      onClose();
    } catch (error) {
      setRemoving(false);
      setProblem(problemFrom(error));
    }
  };
  const name = profile?.name ?? 'this region';
  return (
    <Dialog
      title="Remove region"
      width="small"
      about={<RegionName region={profile} otherwise={name} />}
      onClose={onClose}
      footer={
        <>
          <Button data-cancel="" onClick={onClose}>
            Cancel
          </Button>
          <Button
            variant="danger"
            unavailableBecause={isRemoving ? 'It is being removed.' : undefined}
            onClick={() => void remove()}
          >
            Remove
          </Button>
        </>
      }
    >
      {problem ? <ProblemView problem={problem} /> : null}
      <p>
        <b>The cluster is not touched.</b> Its nodes and VMs run on, and other laptops see it as before.
      </p>
      <p className="rk-form__after">
        This laptop forgets how to reach {name}, its remembered secrets, the last copy of its table and its metrics.
        Trusted host keys stay, in the settings.
      </p>
    </Dialog>
  );
}
