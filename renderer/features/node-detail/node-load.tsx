import type { ReactElement } from 'react';
import type { NodeDetail, NodeRow } from '#shared/model/node.ts';
import { isOld } from '#shared/model/reading.ts';
import { Usage } from './usage.tsx';
import { cpuUsage, memoryUsage, networkUsage, vmMemoryUsage } from './usages.ts';

export function NodeLoad(props: {
  readonly row: NodeRow;
  readonly detail: NodeDetail | null;
  readonly now: number;
}): ReactElement {
  const { row, detail, now } = props;
  return (
    <>
      <h2 className="rk-sect">Load {isOld(row.cpuPercent, now) ? null : <small>now</small>}</h2>
      <div className="rk-uss">
        <Usage label="CPU" reading={cpuUsage(row)} now={now} />
        <Usage label="Memory" reading={memoryUsage(row, detail)} now={now} />
        <Usage label="VM memory" reading={vmMemoryUsage(row)} now={now} />
        <Usage label="Network Rx" reading={networkUsage(row.networkRxBitsPerSecond, row.linkBitsPerSecond)} now={now} />
        <Usage label="Network Tx" reading={networkUsage(row.networkTxBitsPerSecond, row.linkBitsPerSecond)} now={now} />
      </div>
    </>
  );
}
