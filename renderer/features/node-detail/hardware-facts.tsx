import type { ReactElement } from 'react';
import type { NodeRow } from '#shared/model/node.ts';
import { mapReading, valueOf } from '#shared/model/reading.ts';
import { formatCount, formatPlural, formatSize, formatTb } from '../../ui/format.ts';
import { Fact } from './fact.tsx';
import type { PartOf } from './overview.tsx';

const memorySources = { dmi: 'as the firmware lists its modules', meminfo: 'as the kernel sees it' } as const;

export function HardwareFacts(props: {
  readonly row: NodeRow;
  readonly partOf: PartOf;
  readonly now: number;
}): ReactElement {
  const { row, partOf, now } = props;
  const disks = valueOf(partOf((detail) => detail.disks));
  const assigned = valueOf(partOf((detail) => detail.domains))
    ?.filter(({ state }) => state === 'running')
    .reduce((sum, { vcpus }) => sum + vcpus, 0);
  const system = partOf((detail) => detail.system);
  return (
    <>
      <h2 className="rk-sect">Hardware</h2>
      <dl className="rk-dl">
        <Fact label="CPU" reading={partOf((detail) => detail.cpu)} now={now}>
          {({ model, sockets, cores, threads }) =>
            `${model}, ${sockets > 1 ? `${formatCount(sockets)} sockets, ` : ''}${formatPlural(cores, 'core')}, ${formatPlural(threads, 'thread')}`
          }
        </Fact>
        <Fact label="vCPUs" reading={row.vcpus} now={now}>
          {(vcpus) =>
            assigned === undefined
              ? formatCount(vcpus)
              : `${formatCount(vcpus)}, of which ${formatCount(assigned)} assigned`
          }
        </Fact>
        <Fact label="Memory" reading={partOf((detail) => detail.memory)} now={now}>
          {({ installedBytes, source, sourceReason }) => (
            <>
              {`${formatSize(installedBytes)}, ${memorySources[source]}`}
              {sourceReason === undefined || sourceReason === null ? null : (
                <span className="rk-dim"> because {sourceReason}</span>
              )}
            </>
          )}
        </Fact>
        <Fact label="Disk capacity" reading={row.storageBytes} now={now}>
          {(bytes) => `${formatTb(bytes)} TB${disks ? `, ${formatPlural(disks.length, 'disk')}` : ''}`}
        </Fact>
        <Fact label="Kernel" reading={mapReading(system, ({ kernel }) => kernel)} now={now}>
          {(kernel) => kernel}
        </Fact>
        <Fact label="Operating system" reading={mapReading(system, ({ osName }) => osName)} now={now}>
          {(name) => name}
        </Fact>
      </dl>
    </>
  );
}
