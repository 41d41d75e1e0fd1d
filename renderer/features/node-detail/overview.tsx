import type { ReactElement } from 'react';
import type { NodeDetail, NodeRow } from '#shared/model/node.ts';
import type { Reading } from '#shared/model/reading.ts';
import { unknown } from '#shared/model/reading.ts';
import { useClock } from '../../state/clock.ts';
import { useDetail } from '../../state/detail.ts';
import { HardwareFacts } from './hardware-facts.tsx';
import { NodeAttention } from './node-attention.tsx';
import { NodeFacts } from './node-facts.tsx';
import { NodeLoad } from './node-load.tsx';
import { NodePartitions } from './node-partitions.tsx';

/** What is known of a part of the detail; until the detail is there, that is what is said. */
export type PartOf = <T>(part: (detail: NodeDetail) => Reading<T>) => Reading<T>;

/** A silent node is not being read, whatever this page waits for. */
function whyUnread({ reachability }: NodeRow): string {
  switch (reachability.kind) {
    case 'reachable':
      return 'it is being read now';
    case 'unreachable':
      return 'it does not answer this laptop';
    case 'not-tried':
      return reachability.because;
  }
}

/** The Overview tab: what it is, how it is loaded, what it is made of, and what wants a look. */
export function Overview({ row, detail }: { readonly row: NodeRow; readonly detail: NodeDetail | null }): ReactElement {
  const now = useClock((state) => state.now);
  const hasFailed = useDetail((state) => state.problem !== null);
  const partOf: PartOf = (part) =>
    detail ? part(detail) : unknown(hasFailed ? 'its details could not be read' : whyUnread(row));
  return (
    // What scrolls must be reachable by keyboard.
    <div className="rk-ov" role="tabpanel" id="panel-overview" aria-labelledby="tab-overview" tabIndex={0}>
      <div>
        <NodeFacts row={row} partOf={partOf} now={now} />
      </div>
      <div>
        <NodeLoad row={row} detail={detail} now={now} />
        <HardwareFacts row={row} partOf={partOf} now={now} />
        <NodePartitions filesystems={partOf((all) => all.filesystems)} now={now} />
      </div>
      <div>
        <NodeAttention row={row} detail={detail} now={now} />
      </div>
    </div>
  );
}
