import type { ReactElement } from 'react';
import { openDialog } from '../state/dialogs.ts';
import { useClock } from '../state/clock.ts';
import { currentView, useRegions } from '../state/regions.ts';
import { Button } from '../ui/button.tsx';
import { formatCount, formatPlural, formatTime } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Popover } from '../ui/popover.tsx';

/** Which one may I touch right now: for the whole region, by memory of the others and by its limit. */
export function HeadroomButton(): ReactElement | null {
  const view = useRegions(currentView);
  const now = useClock((state) => state.now);
  const isLinked = useRegions((state) => state.link.kind === 'connected');
  if (!view || view.headroom === null) return null;
  const { words, out, limit, serviceable, active, because } = view.headroom;
  const { connection, cadence } = view;
  // What may be touched is a question of now; an old answer says of when it is.
  const lastReadAt =
    connection.kind === 'live' ? connection.readAt : connection.kind === 'closed' ? null : connection.lastReadAt;
  const isLive = connection.kind === 'live' && isLinked && now - connection.readAt <= 2 * cadence.clusterMs + 1000;
  const isOld = !isLive;
  const readAt = isOld ? lastReadAt : null;
  const counts = `${formatCount(out)} out, limit ${formatCount(limit)}`;
  const none = serviceable === 0 || out >= limit;
  return (
    <>
      <span className="rk-vr" />
      <Popover
        className={`rk-head${none ? ' rk-head--none' : ''}${isOld ? ' rk-head--old' : ''}`}
        label="Nodes that can be serviced"
        tip={`${counts}${readAt === null ? '' : `\nAs of ${formatTime(readAt, now)}`}`}
        button={
          <>
            <Icon name={none ? 'no' : 'ok'} />
            <b>{words}</b>
            <span className="rk-head__counts">{counts}</span>
          </>
        }
      >
        {(close) => (
          <>
            <h2>{words}</h2>
            {isOld ? (
              <p className="rk-dim">
                {readAt === null ? 'The region does not answer now.' : `As it was at ${formatTime(readAt, now)}.`}
              </p>
            ) : null}
            <dl className="rk-dl">
              <div>
                <dt>Out of service</dt>
                <dd>
                  {formatCount(out)}, limit {formatCount(limit)}
                </dd>
              </div>
              <div>
                <dt>Memory</dt>
                <dd>
                  {formatCount(serviceable)} of {formatPlural(active, 'Active node')} could go alone: the VMs would fit
                  on the others
                </dd>
              </div>
            </dl>
            {because.length === 0 ? null : (
              <>
                <h3>Why not more</h3>
                <ul>
                  {because.map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ul>
              </>
            )}
            <Button
              onClick={() => {
                close();
                openDialog({ kind: 'region-limits', regionId: view.id });
              }}
            >
              Limits of the region…
            </Button>
          </>
        )}
      </Popover>
    </>
  );
}
