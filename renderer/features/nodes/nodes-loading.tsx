import type { ReactElement } from 'react';
import { useClock } from '../../state/clock.ts';
import { useNodes } from '../../state/nodes.ts';
import { currentProfile, currentView, useRegions } from '../../state/regions.ts';
import { resync } from '../../state/session.ts';
import { Button } from '../../ui/button.tsx';
import { formatAge } from '../../ui/format.ts';
import { ProblemView } from '../../ui/problem-view.tsx';

const widths = [92, 64, 78, 55, 84, 70, 61, 88, 58, 74];

/** Nothing is known of the region yet: it is being read, or it could not be. */
export function NodesLoading(): ReactElement {
  const phase = useNodes((state) => state.phase);
  const name = useRegions((state) => currentProfile(state)?.name ?? 'the region');
  if (phase.kind === 'failed') {
    return (
      <div className="rk-mid">
        <ProblemView
          title={`${name} was not opened`}
          problem={phase.problem}
          actions={
            <Button icon="retry" onClick={() => void resync('open')}>
              Try now
            </Button>
          }
        />
      </div>
    );
  }
  return <Skeleton name={name} since={phase.kind === 'loading' ? phase.since : null} />;
}

function Skeleton({ name, since }: { readonly name: string; readonly since: number | null }): ReactElement {
  const now = useClock((state) => state.now);
  const to = useRegions((state) => {
    const connection = currentView(state)?.connection;
    return connection?.kind === 'connecting' ? connection.to : null;
  });
  const elapsed = since === null ? '' : `, ${formatAge(now - since)}`;
  return (
    <div className="rk-tw" aria-busy="true">
      <p className="rk-reading" role="status">
        Reading {name}
        {to === null ? '' : ` through ${to}`}
        {elapsed}
      </p>
      {widths.map((width) => (
        <div key={width} className="rk-skeleton" aria-hidden="true">
          <i style={{ width: 14 }} />
          <i style={{ width: width * 1.2 }} />
          <i style={{ width: width * 2 }} />
          <i style={{ width: 60 }} />
          <i style={{ width: 90 }} />
          <i style={{ width: width * 0.8 }} />
        </div>
      ))}
    </div>
  );
}
