import { useEffect, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import type { RegionId } from '#shared/model/ids.ts';
import { useRegions } from '../../state/regions.ts';
import { useSettings } from '../../state/settings.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemView } from '../../ui/problem-view.tsx';
import { RegionName } from '../../ui/region-name.tsx';
import { AskingDialog } from './asking-dialog.tsx';
import { ConnectProgress } from './connect-progress.tsx';
import { draftOf, emptyDraft } from './form/draft.ts';
import type { RegionDraft } from './form/draft.ts';
import { dropDraft, keepDraft, keptDraft } from './form/kept-drafts.ts';
import { RegionForm } from './form/region-form.tsx';
import { useSend } from './form/use-send.ts';

const unknownStorage = {
  kind: 'session-only',
  because: 'the app has not said yet whether there is a keychain',
} as const;

/**
 * Adds a region or changes one, then shows how the connection comes about, with its questions, in the same dialog.
 * `regionId`: the region to change; `null` adds one.
 */
export function RegionDialog(props: {
  readonly regionId: RegionId | null;
  readonly onClose: () => void;
}): ReactElement {
  const { onClose } = props;
  const [regionId, setRegionId] = useState(props.regionId);
  const [isConnecting, setConnecting] = useState(false);
  const profile = useRegions((state) => state.profiles?.find(({ id }) => id === regionId));
  const secretStorage = useSettings((state) => state.info?.secretStorage ?? unknownStorage);
  const [draft, setDraft] = useState<RegionDraft>(
    () => keptDraft(props.regionId) ?? (profile ? draftOf(profile) : emptyDraft(useRegions.getState().profiles ?? [])),
  );
  const { send, isSending, errors, problem } = useSend();
  const form = useRef<HTMLDivElement>(null);
  const hasErrors = Object.keys(errors).length > 0;
  useEffect(() => {
    if (!hasErrors) return;
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-wrong]')?.focus();
  }, [errors, hasErrors]);

  const change = (next: RegionDraft): void => {
    setDraft(next);
    keepDraft(regionId, next);
  };
  const connect = async (): Promise<void> => {
    const sent = await send(regionId, draft);
    if (!sent) return;
    dropDraft(regionId);
    setRegionId(sent);
    setConnecting(true);
  };
  if (isConnecting && regionId !== null) {
    return (
      <ConnectProgress
        regionId={regionId}
        problem={problem}
        onEdit={() => {
          setConnecting(false);
        }}
        onClose={onClose}
      />
    );
  }
  const isNew = regionId === null;
  return (
    <AskingDialog
      key="form"
      title={isNew ? 'Connect to a region' : 'Edit region'}
      width="large"
      about={
        isNew ? (
          'A cluster that already runs Pacemaker and libvirt. Connecting changes nothing there.'
        ) : (
          <RegionName region={profile} />
        )
      }
      note={
        isNew
          ? 'Next: the host keys are shown, and nothing is sent before you trust them.'
          : 'The region is connected anew.'
      }
      onClose={onClose}
      footer={(leave) => (
        <>
          <Button
            data-cancel=""
            onClick={() => {
              leave(onClose);
            }}
          >
            Cancel
          </Button>
          <Button
            variant="primary"
            unavailableBecause={isSending ? 'It is being sent.' : undefined}
            onClick={() => void connect()}
          >
            {isNew ? 'Connect' : 'Save and connect'}
          </Button>
        </>
      )}
    >
      <div ref={form}>
        {errors['form'] === undefined ? null : <p className="rk-f__wrong">{errors['form']}</p>}
        {problem ? <ProblemView problem={problem} /> : null}
        <RegionForm draft={draft} onDraft={change} errors={errors} isKnown={!isNew} secretStorage={secretStorage} />
      </div>
    </AskingDialog>
  );
}
