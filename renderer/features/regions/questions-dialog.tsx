import { useEffect, useMemo, useRef } from 'react';
import type { ReactElement } from 'react';
import type { RegionId } from '#shared/model/ids.ts';
import { openDialog } from '../../state/dialogs.ts';
import { useRegions } from '../../state/regions.ts';
import { Button } from '../../ui/button.tsx';
import { RegionName } from '../../ui/region-name.tsx';
import { AskingDialog } from './asking-dialog.tsx';
import { groupQuestions } from './questions/group.ts';
import { useFocusStays } from './use-focus-stays.ts';
import { QuestionsView } from './questions/questions-view.tsx';

/** What a region waits for, opened by a person; it never opens by itself. */
export function QuestionsDialog({
  regionId,
  onClose,
}: {
  readonly regionId: RegionId;
  readonly onClose: () => void;
}): ReactElement {
  const view = useRegions((state) => state.views[regionId]);
  const name = view?.name ?? 'the region';
  const questions = useMemo(() => groupQuestions(view?.questions ?? [], name), [view?.questions, name]);
  // Another control node may still answer without a person.
  const triesItself = view?.connection.kind === 'offline' && view.connection.nextTryAt !== null;
  const body = useRef<HTMLDivElement>(null);
  useFocusStays(body, questions);
  const close = useRef<HTMLButtonElement>(null);
  const isDone = questions.count === 0;
  useEffect(() => {
    // Nothing is left to do here but to leave; a button that has the focus keeps it.
    if (isDone && !(document.activeElement instanceof HTMLButtonElement)) close.current?.focus();
  }, [isDone]);
  return (
    <AskingDialog
      title="Questions to answer"
      width="large"
      about={<RegionName region={view} />}
      note={isDone || triesItself ? undefined : 'Nothing is tried again by itself until it is answered.'}
      onClose={onClose}
      footer={(leave) => (
        <>
          <Button
            variant="link"
            onClick={() => {
              leave(() => {
                openDialog({ kind: 'region-form', regionId });
              });
            }}
          >
            Edit region…
          </Button>
          <Button
            ref={close}
            data-cancel=""
            onClick={() => {
              leave(onClose);
            }}
          >
            Close
          </Button>
        </>
      )}
    >
      <div ref={body} tabIndex={-1} className="rk-qs">
        {isDone ? (
          <p role="status">Nothing is asked any more.</p>
        ) : (
          <QuestionsView regionId={regionId} questions={questions} />
        )}
      </div>
    </AskingDialog>
  );
}
