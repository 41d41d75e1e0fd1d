import type { ReactElement } from 'react';
import type { NodeRow } from '#shared/model/node.ts';
import { useClock } from '../../state/clock.ts';
import { refreshDetail, useDetail } from '../../state/detail.ts';
import { Button } from '../../ui/button.tsx';
import { formatAge } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { StatusLabel, statusTip } from '../../ui/status-label.tsx';
import { NodeActionsHeader } from './node-actions-header.tsx';
import { NodeTags } from './node-tags.tsx';
import { reachedWords } from './reached-words.ts';
import { RefusedTagNotice } from './refused-tag.tsx';
import { useTagChanges } from './use-tag-changes.ts';

/** Which node this is, how it stands, and how fresh that is. */
export function NodeHeader({ row }: { readonly row: NodeRow }): ReactElement {
  const changes = useTagChanges(row.id);
  const now = useClock((state) => state.now);
  const refreshingSince = useDetail((state) => state.refreshingSince);
  const tip = statusTip(row.status, now);
  const reached = reachedWords(row.reachability, row.cpuPercent, now);
  return (
    <>
      <nav className="rk-crumb" aria-label="Breadcrumb">
        <a href="#/nodes">Nodes</a>
        <Icon name="right" size={11} />
        <span aria-current="page">{row.name}</span>
      </nav>
      <header className="rk-nh">
        <h1>{row.name}</h1>
        {/* Its whole reason is told on focus, too. */}
        <span
          className="rk-nh__status"
          tabIndex={0}
          role="group"
          aria-label="Status"
          data-tip={[tip.title, ...tip.lines].join('\n')}
        >
          <StatusLabel status={row.status} now={now} size={20} />
        </span>
        <span className="rk-vr" />
        <NodeTags row={row} changes={changes} />
        <span className="rk-flex" />
        <span
          className={reached.isOld ? 'rk-nh__fresh rk-nh__fresh--old' : 'rk-nh__fresh'}
          role="status"
          data-tip={reached.tip}
        >
          {refreshingSince === null ? reached.words : `reading ${row.name}, ${formatAge(now - refreshingSince)}`}
        </span>
        <Button
          icon="retry"
          unavailableBecause={refreshingSince === null ? undefined : `${row.name} is being read now.`}
          onClick={() => void refreshDetail(row.id)}
        >
          Refresh
        </Button>
        <NodeActionsHeader row={row} />
      </header>
      {changes.refused ? <RefusedTagNotice name={row.name} changes={changes} refused={changes.refused} /> : null}
    </>
  );
}
