import { useEffect, useMemo, useRef } from 'react';
import type { ReactElement } from 'react';
import type { RegionId } from '#shared/model/ids.ts';
import type { Problem } from '#shared/problems.ts';
import { useClock } from '../../state/clock.ts';
import { useNodes } from '../../state/nodes.ts';
import { useRegions } from '../../state/regions.ts';
import { Button } from '../../ui/button.tsx';
import { formatAge, formatPlural } from '../../ui/format.ts';
import { ProblemView } from '../../ui/problem-view.tsx';
import { RegionName } from '../../ui/region-name.tsx';
import { AskingDialog } from './asking-dialog.tsx';
import { ConnectionState } from './connection-state.tsx';
import { groupQuestions } from './questions/group.ts';
import { useFocusStays } from './use-focus-stays.ts';
import { QuestionsView } from './questions/questions-view.tsx';

/** How a region comes alive, directly after a person asked for it: connecting, its questions, live. */
export function ConnectProgress(props: {
  readonly regionId: RegionId;
  /** A secret that could not be kept. */
  readonly problem: Problem | null;
  readonly onEdit: () => void;
  readonly onClose: () => void;
}): ReactElement {
  const { regionId, problem, onEdit, onClose } = props;
  const view = useRegions((state) => state.views[regionId]);
  const profile = useRegions((state) => state.profiles?.find(({ id }) => id === regionId));
  const count = useNodes((state) => (state.regionId === regionId ? state.rows.size : 0));
  const now = useClock((state) => state.now);
  const name = view?.name ?? profile?.name ?? 'the region';
  const questions = useMemo(() => groupQuestions(view?.questions ?? [], name), [view?.questions, name]);
  const isLive = view?.connection.kind === 'live';
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The form's field that had the focus is gone; reading goes on where the news is.
    body.current?.focus();
  }, []);
  useFocusStays(body, questions);
  const next = view?.connection.kind === 'offline' ? view.connection.nextTryAt : null;
  return (
    <AskingDialog
      title={
        isLive
          ? `${name} is live`
          : view?.connection.kind === 'offline' && questions.count === 0
            ? `${name} is not connected`
            : `Connecting to ${name}`
      }
      width="large"
      about={<RegionName region={view ?? profile} />}
      note={
        questions.count > 0
          ? `${formatPlural(questions.count, 'question')} to answer; ${isLive || next !== null ? 'the rest goes on meanwhile' : 'nothing is tried again by itself before'}.`
          : isLive
            ? `${formatPlural(count, 'node')} in the table.`
            : next !== null && next > now
              ? `Tried again by itself in ${formatAge(next - now)}.`
              : undefined
      }
      onClose={onClose}
      footer={(leave) => (
        <>
          <Button
            data-cancel=""
            onClick={() => {
              leave(onEdit);
            }}
          >
            Edit region…
          </Button>
          <Button
            variant={isLive && questions.count === 0 ? 'primary' : 'secondary'}
            onClick={() => {
              leave(() => {
                location.hash = '#/nodes';
                onClose();
              });
            }}
          >
            Open the table
          </Button>
        </>
      )}
    >
      <div ref={body} tabIndex={-1} className="rk-qs">
        {problem ? <ProblemView problem={problem} /> : null}
        <ConnectionState regionId={regionId} connection={view?.connection} hasQuestions={questions.count > 0} />
        {questions.count > 0 ? <QuestionsView regionId={regionId} questions={questions} /> : null}
      </div>
    </AskingDialog>
  );
}
