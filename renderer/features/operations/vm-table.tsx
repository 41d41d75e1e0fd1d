import type { ReactElement } from 'react';
import type { Operation, OperationVm } from '#shared/model/operation.ts';
import { useClock } from '../../state/clock.ts';
import type { Peak } from '../../state/operations.ts';
import { isUnderWay, useOperations } from '../../state/operations.ts';
import { formatElapsed, formatGib, formatMib, formatPercent, notApplicable } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { useRowKeys } from '../../ui/use-row-keys.ts';
import { isDone, isFresh, isStalled, vmProgress } from './figures.ts';
import { MoveBar } from './move-bar.tsx';
import { vmDetail, vmState } from './words.ts';

interface Head {
  readonly name: string;
  readonly label: string;
  readonly unit?: string;
  readonly isEnd?: boolean;
}

const heads: readonly Head[] = [
  { name: 'vm', label: 'VM' },
  { name: 'memory', label: 'Memory', unit: 'GiB', isEnd: true },
  { name: 'target', label: 'Target' },
  { name: 'state', label: 'State' },
  { name: 'progress', label: 'Progress' },
  { name: 'left', label: 'Left', unit: 'MiB', isEnd: true },
  { name: 'rate', label: 'Rate', unit: 'MiB/s', isEnd: true },
  { name: 'eta', label: 'ETA', isEnd: true },
  { name: 'detail', label: 'Detail' },
];

/** Each VM of the plan as it goes. Rows keep the plan's order, whatever happens to them. */
export function VmTable({ operation }: { readonly operation: Operation }): ReactElement {
  const peaks = useOperations((state) => state.peaks);
  const keys = useRowKeys(operation.vms.length);
  return (
    <table className="pf-v6-c-table pf-m-compact rk-t rk-vt" onKeyDown={keys.onKeyDown}>
      <colgroup>
        {heads.map(({ name }) => (
          <col key={name} className={`rk-vt__${name}`} />
        ))}
      </colgroup>
      <thead className="pf-v6-c-table__thead">
        <tr className="pf-v6-c-table__tr">
          {heads.map(({ name, label, unit, isEnd = false }) => (
            <th key={name} scope="col" className={`pf-v6-c-table__th rk-vt__${name}${isEnd ? ' rk-end' : ''}`}>
              <span className="rk-t__label">{label}</span>
              {unit === undefined ? null : <small>{unit}</small>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="pf-v6-c-table__tbody">
        {operation.vms.map((vm, index) => (
          <VmRow
            key={vm.resource}
            operation={operation}
            vm={vm}
            peaks={peaks}
            tabIndex={keys.tabIndex(index)}
            onFocus={() => {
              keys.onFocus(index);
            }}
          />
        ))}
      </tbody>
    </table>
  );
}

/** Of a move that goes on or has arrived there is a bar; what failed, stayed or was restarted has moved nothing. */
const showsMove = ({ effect, state }: OperationVm): boolean =>
  effect === 'live-migrate' && state !== 'stays' && state !== 'failed' && state !== 'restarted' && state !== 'stopped';

function VmRow(props: {
  readonly operation: Operation;
  readonly vm: OperationVm;
  readonly peaks: ReadonlyMap<string, Peak>;
  readonly tabIndex: number;
  readonly onFocus: () => void;
}): ReactElement {
  const { operation, vm, peaks } = props;
  const now = useClock((state) => state.now);
  const { word, icon, tone } = vmState(operation, vm, now);
  const { share, bar } = vmProgress(operation, vm, peaks);
  const detail = vmDetail(vm, now);
  const { progress } = vm;
  const isMoving = vm.state === 'moving' && progress !== null;
  const isNow = isFresh(operation, vm, now);
  const stalls = isStalled(operation, vm, now);
  const none = <span className="rk-na">{notApplicable}</span>;
  const unknown = <span className="rk-unknown">not known</span>;
  const tip = [vm.resource === vm.domain ? '' : `Resource ${vm.resource}`, detail].filter(Boolean);
  const barTone = stalls ? 'warn' : isDone(vm) || !isUnderWay(operation) ? 'done' : 'link';
  return (
    <tr
      className={`pf-v6-c-table__tr${stalls ? ' rk-vt__look' : ''}`}
      data-vm={vm.resource}
      data-stop=""
      data-tip={tip.length === 0 ? undefined : tip.join('\n')}
      tabIndex={props.tabIndex}
      onFocus={props.onFocus}
    >
      <th scope="row" className="pf-v6-c-table__td rk-vt__vm">
        {vm.domain}
      </th>
      <td className="pf-v6-c-table__td rk-end">{vm.memoryBytes === null ? unknown : formatGib(vm.memoryBytes)}</td>
      <td className="pf-v6-c-table__td">{vm.state === 'stays' ? none : (vm.target ?? none)}</td>
      <td className="pf-v6-c-table__td">
        <span className={`rk-vs rk-vs--${tone}`}>
          <Icon name={icon} />
          <span>{word}</span>
        </span>
      </td>
      <td className="pf-v6-c-table__td">
        {showsMove(vm) ? (
          <span className="rk-prog">
            <MoveBar share={bar} tone={barTone} />
            <span className="rk-prog__n">{formatPercent(Math.floor((share ?? bar) * 100))} %</span>
          </span>
        ) : (
          none
        )}
      </td>
      <td className="pf-v6-c-table__td rk-end">
        {isMoving ? (isNow ? formatMib(progress.remainingBytes) : unknown) : none}
      </td>
      <td className="pf-v6-c-table__td rk-end">
        {isMoving ? (!isNow || progress.bytesPerSecond === null ? unknown : formatMib(progress.bytesPerSecond)) : none}
      </td>
      <td className="pf-v6-c-table__td rk-end">
        {stalls ? (
          <span className="rk-v--hot">stalled</span>
        ) : isMoving ? (
          !isNow || progress.leftMs === null ? (
            unknown
          ) : (
            formatElapsed(Math.max(1000, Math.round(progress.leftMs / 1000) * 1000)).replace('.0', '')
          )
        ) : (
          none
        )}
      </td>
      <td className="pf-v6-c-table__td rk-vt__detail">{detail}</td>
    </tr>
  );
}
