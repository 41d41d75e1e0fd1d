import type { ReactElement } from 'react';
import { openDialog } from '../state/dialogs.ts';
import { currentView, useRegions } from '../state/regions.ts';
import { formatDuration, formatPlural } from '../ui/format.ts';
import { SlotPlace } from '../ui/slot.tsx';

/** What the page says of itself, then the region's quorum, its DC, the probes' pace, and where the shortcuts are. */
export function StatusBar(): ReactElement {
  const view = useRegions(currentView);
  const isLive = view?.connection.kind === 'live';
  const quorum = view?.quorum;
  const votes =
    quorum && quorum.votes !== null && quorum.expectedVotes !== null
      ? `${String(quorum.votes)} of ${formatPlural(quorum.expectedVotes, 'vote')}`
      : quorum?.isQuorate === true
        ? 'yes'
        : 'no';
  return (
    <footer className="rk-foot">
      <SlotPlace className="rk-foot__page" />
      <span className="rk-flex" />
      {quorum ? (
        <span>
          {isLive ? 'Quorum' : 'Last quorum seen'} <b>{votes}</b>
        </span>
      ) : null}
      {view?.dc ? (
        <span>
          DC <b>{view.dc}</b>
        </span>
      ) : null}
      {view ? (
        <span>
          Probes every {formatDuration(view.cadence.fastMs / 1000)}; older than{' '}
          {formatDuration((2 * view.cadence.fastMs) / 1000)} is marked
        </span>
      ) : null}
      <button
        type="button"
        className="rk-foot__do"
        onClick={() => {
          openDialog({ kind: 'shortcuts' });
        }}
      >
        ? shortcuts
      </button>
    </footer>
  );
}
