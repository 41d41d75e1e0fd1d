import { useMemo, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import type { OperationId } from '#shared/model/ids.ts';
import type { Operation } from '#shared/model/operation.ts';
import { useClock } from '../../state/clock.ts';
import { isOpen, useOperations } from '../../state/operations.ts';
import { currentProfile, useRegions } from '../../state/regions.ts';
import { resyncOperations } from '../../state/session.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount, formatElapsed } from '../../ui/format.ts';
import { ProblemView } from '../../ui/problem-view.tsx';
import { SlotContent } from '../../ui/slot.tsx';
import { useOperationsFilter } from './operations-filter.ts';
import { OperationsTable } from './operations-table.tsx';
import { heldOrder, inOrder } from './operations-order.ts';

/** What was asked of this region's nodes, from this laptop and from others: what runs first, what ended last at the end. */
export function OperationsPage(): ReactElement {
  const region = useRegions(currentProfile);
  const byId = useOperations((state) => state.byId);
  const phase = useOperations((state) => (region ? state.phases[region.id] : undefined));
  const filter = useOperationsFilter((state) => state.filter);
  const all = useMemo(
    () => [...byId.values()].filter((one) => one.regionId === region?.id).toSorted(inOrder),
    [byId, region?.id],
  );
  const open = useMemo(() => all.filter(isOpen), [all]);
  const shown = useHeldOrder(filter === 'open' ? open : all);
  return (
    <>
      <div className="rk-ph">
        <h1>Operations</h1>
        <div className="rk-qf" role="group" aria-label="Built-in filters">
          <FilterButton id="all" label="All" count={all.length} />
          <FilterButton id="open" label="Open" count={open.length} />
        </div>
      </div>
      {phase?.kind === 'failed' ? (
        <div className="rk-detail-problem">
          <ProblemView
            title="The operations were not read"
            problem={phase.problem}
            actions={
              region ? (
                <Button icon="retry" onClick={() => void resyncOperations(region.id)}>
                  Read again
                </Button>
              ) : null
            }
          />
        </div>
      ) : null}
      {shown.operations.length > 0 ? (
        <OperationsTable operations={shown.operations} onHold={shown.onHold} />
      ) : phase?.kind === 'ready' ? (
        <Nothing region={region?.name ?? ''} hidden={all.length} />
      ) : phase?.kind === 'failed' ? null : (
        <Reading since={phase?.since ?? null} region={region?.name ?? 'the region'} />
      )}
      <SlotContent>
        <span>
          {formatCount(shown.operations.length)} of {formatCount(all.length)} shown
        </span>
        <span>What needs you or runs first, then the newest</span>
      </SlotContent>
    </>
  );
}

function FilterButton(props: {
  readonly id: 'all' | 'open';
  readonly label: string;
  readonly count: number;
}): ReactElement {
  const isOn = useOperationsFilter((state) => state.filter === props.id);
  return (
    <button
      type="button"
      aria-pressed={isOn}
      onClick={() => {
        useOperationsFilter.setState({ filter: props.id });
      }}
    >
      {props.label} <b>{formatCount(props.count)}</b>
    </button>
  );
}

/** No row moves under the pointer or beside the focus: the order is applied when they have left. */
function useHeldOrder(sorted: readonly Operation[]) {
  const [isHeld, setHeld] = useState(false);
  const order = useRef<readonly OperationId[]>([]);
  const operations = isHeld ? heldOrder(order.current, sorted) : sorted;
  order.current = operations.map(({ id }) => id);
  return { operations, onHold: setHeld };
}

function Nothing({ region, hidden }: { readonly region: string; readonly hidden: number }): ReactElement {
  if (hidden > 0) {
    return (
      <div className="rk-mid">
        <p className="rk-mid__title">No operation is open</p>
        <p className="rk-dim">Nothing runs, and nothing waits for a person.</p>
        <Button
          onClick={() => {
            useOperationsFilter.setState({ filter: 'all' });
          }}
        >
          Show all {formatCount(hidden)}
        </Button>
      </div>
    );
  }
  return (
    <div className="rk-mid">
      <p className="rk-mid__title">No operation in {region} yet</p>
      <p className="rk-dim">An operation begins on a node: choose one, and put it into maintenance.</p>
      <a href="#/nodes">Open the nodes</a>
    </div>
  );
}

function Reading({ since, region }: { readonly since: number | null; readonly region: string }): ReactElement {
  const now = useClock((state) => state.now);
  return (
    <p className="rk-reading" role="status">
      Reading the operations of {region}
      {since === null || now - since < 1000 ? '' : `, ${formatElapsed(now - since)}`}
    </p>
  );
}
