import type { ReactElement } from 'react';
import type { PlannedVm } from '#shared/model/maintenance.ts';
import { formatGib } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { effectWords } from './plan-words.ts';
import { toldLine } from './told.ts';

const widths = ['vm', 'memory', 'node', 'effect', 'rest'] as const;

/** VMs that the maintenance moved away, where they are now, and how they would come home. */
export function HomeTable({ vms }: { readonly vms: readonly PlannedVm[] }): ReactElement {
  return (
    <table className="rk-plan" aria-label="VMs that could come home">
      <colgroup>
        {widths.map((name) => (
          <col key={name} className={`rk-plan__w-${name}`} />
        ))}
      </colgroup>
      <thead>
        <tr>
          <th>VM</th>
          <th className="rk-end">Memory, GiB</th>
          <th>Runs on</th>
          <th>Comes home by</th>
          <th>
            <span className="rk-sr">Why</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {vms.map((vm) => {
          const stays = vm.effect === 'cannot-move';
          const { icon, label } = effectWords[vm.effect];
          return (
            <tr key={vm.resource}>
              <td className="rk-plan__vm">{vm.resource}</td>
              <td className="rk-end">
                {vm.memoryBytes === null ? <span className="rk-dim">not known</span> : formatGib(vm.memoryBytes)}
              </td>
              <td>{vm.node}</td>
              <td>
                {stays ? (
                  'Stays'
                ) : (
                  <span className={`rk-eff rk-eff--${vm.effect}`}>
                    <Icon name={icon} size={13} />
                    {label}
                  </span>
                )}
              </td>
              <td className="rk-plan__why">{toldLine(vm.because)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
