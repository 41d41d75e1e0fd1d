import type { ReactElement, ReactNode } from 'react';
import { isTicked, type MaintenanceChoices, type PlannedVm, type TargetMemory } from '#shared/model/maintenance.ts';
import { formatGib } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { ChangedMark } from './check-list.tsx';
import { MemoryBar } from './memory-bar.tsx';
import { effectWords } from './plan-words.ts';
import { toldLine } from './told.ts';

export interface PlanTableProps {
  readonly vms: readonly PlannedVm[];
  readonly targets: readonly TargetMemory[];
  readonly changed: ReadonlySet<string>;
  /** VMs of other nodes say where they run. */
  readonly hasNodes?: boolean;
  readonly choices: MaintenanceChoices;
  readonly onChoices: (choices: MaintenanceChoices) => void;
}

const widths = ['tick', 'vm', 'memory', 'effect', 'target', 'bar'] as const;
const withNodes = ['tick', 'vm', 'node', 'memory', 'effect', 'target', 'bar'] as const;

/** A row per VM: what happens to it, where it goes, and what that does to the memory there. A tick only where it restarts or stops. */
export function PlanTable(props: PlanTableProps): ReactElement {
  const { vms, targets, changed, hasNodes = false, choices, onChoices } = props;
  const byNode = new Map(targets.map((target) => [target.node, target]));
  return (
    <table
      className={`rk-plan${hasNodes ? ' rk-plan--nodes' : ''}${changed.size > 0 ? ' rk-plan--marked' : ''}`}
      aria-label={hasNodes ? 'VMs on other nodes' : 'Plan'}
    >
      <colgroup>
        {(hasNodes ? withNodes : widths).map((name) => (
          <col key={name} className={`rk-plan__w-${name}`} />
        ))}
      </colgroup>
      <thead>
        <tr>
          <th>
            <span className="rk-sr">Allowed</span>
          </th>
          <th>VM</th>
          {hasNodes ? <th>Runs on</th> : null}
          <th className="rk-end">Memory, GiB</th>
          <th>Effect</th>
          <th>Target</th>
          <th>{hasNodes || changed.size > 0 ? 'Memory there' : 'Target memory before → after'}</th>
        </tr>
      </thead>
      <tbody>
        {vms.map((vm) => (
          <tr key={vm.resource}>
            <td>
              <Tick vm={vm} choices={choices} onChoices={onChoices} />
            </td>
            <td className="rk-plan__vm">
              {vm.resource}
              {changed.has(vm.resource) ? <ChangedMark /> : null}
            </td>
            {hasNodes ? <td>{vm.node}</td> : null}
            <td className="rk-end">
              {vm.memoryBytes === null ? <span className="rk-dim">not known</span> : formatGib(vm.memoryBytes)}
            </td>
            <td>
              <Effect vm={vm} />
            </td>
            <TargetCells vm={vm} target={vm.target === null ? undefined : byNode.get(vm.target)}>
              <TargetChoice vm={vm} choices={choices} onChoices={onChoices} />
            </TargetCells>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type RowProps = Pick<PlanTableProps, 'choices' | 'onChoices'> & { readonly vm: PlannedVm };

function Tick({ vm, choices, onChoices }: RowProps): ReactElement | null {
  if (!vm.needsTick) return null;
  return (
    <span className="rk-ck">
      <input
        type="checkbox"
        checked={isTicked(choices.ticked, vm)}
        aria-label={`Allow ${vm.resource} to ${vm.effect === 'stop' ? 'stop' : 'restart'}`}
        data-tip={toldLine(vm.because)}
        onChange={(event) => {
          const { resource, effect } = vm;
          const rest = choices.ticked.filter((tick) => tick.resource !== resource);
          onChoices({ ...choices, ticked: event.target.checked ? [...rest, { resource, effect }] : rest });
        }}
      />
    </span>
  );
}

function Effect({ vm }: { readonly vm: PlannedVm }): ReactElement {
  const { icon, label } = effectWords[vm.effect];
  return (
    <span className={`rk-eff rk-eff--${vm.effect}`} data-tip={vm.because === '' ? undefined : toldLine(vm.because)}>
      <Icon name={icon} size={13} />
      {label}
    </span>
  );
}

/** Where it goes and what that does there; where it goes nowhere, why. */
function TargetCells(props: {
  readonly vm: PlannedVm;
  readonly target: TargetMemory | undefined;
  readonly children: ReactNode;
}): ReactElement {
  const { vm, target, children } = props;
  if (vm.target === null && vm.alternatives.length === 0) {
    return (
      <td colSpan={2} className="rk-plan__why">
        <span tabIndex={0} data-tip={toldLine(vm.because)}>
          {toldLine(vm.because)}
        </span>
      </td>
    );
  }
  return (
    <>
      <td>{children}</td>
      <td>{target ? <MemoryBar target={target} /> : <span className="rk-dim">not known</span>}</td>
    </>
  );
}

function TargetChoice({ vm, choices, onChoices }: RowProps): ReactElement {
  const nodes = [...new Set([...(vm.target === null ? [] : [vm.target]), ...vm.alternatives])];
  const chosen = choices.targets[vm.resource] ?? vm.target ?? '';
  if (nodes.length <= 1) return <>{vm.target}</>;
  return (
    <span className="rk-plan__choice">
      <select
        aria-label={`Target of ${vm.resource}`}
        data-target-of={vm.resource}
        value={chosen}
        onChange={(event) => {
          onChoices({ ...choices, targets: { ...choices.targets, [vm.resource]: event.target.value } });
        }}
      >
        {(nodes.includes(chosen) ? nodes : [chosen, ...nodes]).map((node) => (
          <option key={node} value={node}>
            {node === '' ? 'none' : node}
          </option>
        ))}
      </select>
      <Icon name="down" size={12} />
    </span>
  );
}
