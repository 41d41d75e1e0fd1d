import type { ReactElement } from 'react';
import type { NodeId } from '#shared/model/ids.ts';
import type { Brake, RegionView } from '#shared/model/region.ts';
import { useClock } from '../state/clock.ts';
import { openDialog } from '../state/dialogs.ts';
import { useNodes } from '../state/nodes.ts';
import { useRegions } from '../state/regions.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { formatAge, formatExactTime, formatReason, formatTime, sentence } from '../ui/format.ts';

/** So many of the nodes are named in the banner; all of them in its dialog. */
const named = 6;

/** Nodes left Active at once: nothing that takes another one out is available, until a person says so by name (R14). */
export function BrakeBanner({ view, brake }: { readonly view: RegionView; readonly brake: Brake }): ReactElement {
  const now = useClock((state) => state.now);
  const { nodes, words, since, liftedUntil } = brake;
  const said = sentence(formatReason(words, now));
  const isLifted = liftedUntil !== null && liftedUntil > now;
  const more = nodes.length > named ? ` and ${String(nodes.length - named)} more` : '';
  const list = nodes.length === 0 ? '' : `${nodes.slice(0, named).join(', ')}${more}`;
  return (
    <Banner
      level={isLifted ? 'warning' : 'danger'}
      icon="lock"
      title={isLifted ? `The brake is lifted until ${formatTime(liftedUntil, now)}.` : said}
      aside={<span data-tip={formatExactTime(since, now)}>{formatAge(now - since)} ago</span>}
      actions={
        isLifted ? null : (
          <Button
            unavailableBecause={view.connection.kind === 'live' ? undefined : `${view.name} does not answer now.`}
            onClick={() => {
              openDialog({ kind: 'lift-brake', regionId: view.id });
            }}
          >
            Lift for 10 minutes…
          </Button>
        )
      }
    >
      {isLifted ? `${said} ${list}` : list}
    </Banner>
  );
}

/** Another machine answers under the node's name: nothing is written to it (R12). */
export function IdentityBanner({ nodeId }: { readonly nodeId: NodeId }): ReactElement | null {
  const regionId = useRegions((state) => state.currentId);
  const row = useNodes((state) => state.rows.get(nodeId));
  const now = useClock((state) => state.now);
  if (regionId === null || !row || row.frozenBecause === null) return null;
  return (
    <Banner
      level="danger"
      icon="lock"
      title={`Nothing is written to ${row.name}.`}
      actions={
        <Button
          onClick={() => {
            openDialog({ kind: 'accept-identity', regionId, nodeId });
          }}
        >
          This is the same node…
        </Button>
      }
    >
      {sentence(formatReason(row.frozenBecause, now))}
    </Banner>
  );
}
