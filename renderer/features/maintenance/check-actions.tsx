import type { ReactNode } from 'react';
import type { PlannedVm, PreflightCheck, PreparedMaintenance } from '#shared/model/maintenance.ts';
import { Button } from '../../ui/button.tsx';
import { isOverLimit } from './plan-words.ts';

/** Checks about VMs that hold a node up and whose fix is to shut them down. */
const shutDownCodes: ReadonlySet<PreflightCheck['code']> = new Set(['passthrough-vms', 'vms-that-restart']);

/** What can be done about a check without leaving the dialog, or from a dialog of its own that comes back here. */
export function checkActions(
  answer: PreparedMaintenance | null,
  onShutDown: (resource: string) => void,
): (check: PreflightCheck) => ReactNode {
  return (check) => {
    if (!answer || check.state === 'pass') return null;
    if (shutDownCodes.has(check.code) && check.state === 'blocker') {
      const vms = answer.vms.filter((vm) => vm.effect === 'cannot-move' && isAbout(check, vm));
      return vms.length === 0
        ? null
        : vms.map(({ resource }) => (
            <Button
              key={resource}
              variant="link"
              onClick={() => {
                onShutDown(resource);
              }}
            >
              Shut down {resource}…
            </Button>
          ));
    }
    if (check.code === 'memory-on-targets') {
      const vm = answer.vms.find(
        ({ target, alternatives }) =>
          alternatives.length > 0 && isOverLimit(answer.targets.find(({ node }) => node === target)),
      );
      return vm ? (
        <Button
          variant="link"
          onClick={() => {
            document.querySelector<HTMLElement>(`[data-target-of=${CSS.escape(vm.resource)}]`)?.focus();
          }}
        >
          Choose another target
        </Button>
      ) : null;
    }
    return null;
  };
}

const isAbout = ({ subjects }: PreflightCheck, { resource, domain }: PlannedVm): boolean =>
  subjects.includes(resource) || subjects.includes(domain);
