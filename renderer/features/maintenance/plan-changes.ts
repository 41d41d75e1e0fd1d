import type { PlannedVm, PreflightCheck, PreparedMaintenance } from '#shared/model/maintenance.ts';

/** What is not as it was when it was looked at last, by name. */
export interface PlanChanges {
  readonly checks: ReadonlySet<string>;
  readonly vms: ReadonlySet<string>;
  /** VMs that are not in the plan any more. */
  readonly gone: readonly string[];
}

export const noChanges: PlanChanges = { checks: new Set(), vms: new Set(), gone: [] };

const ofCheck = (check: PreflightCheck): string => JSON.stringify([check.state, check.words, check.subjects]);
const ofVm = (vm: PlannedVm): string => JSON.stringify([vm.node, vm.effect, vm.target, vm.needsTick, vm.because]);

/** What differs between two answers, of what a person decides on: figures that flicker are no change. */
export function planChanges(before: PreparedMaintenance | null, now: PreparedMaintenance | null): PlanChanges {
  if (!before || !now) return noChanges;
  const checks = new Map(before.checks.map((check) => [check.code, ofCheck(check)]));
  const vms = new Map([...before.vms, ...before.others].map((vm) => [vm.resource, ofVm(vm)]));
  const present = [...now.vms, ...now.others];
  return {
    checks: new Set(now.checks.filter((check) => checks.get(check.code) !== ofCheck(check)).map(({ code }) => code)),
    vms: new Set(present.filter((vm) => vms.get(vm.resource) !== ofVm(vm)).map(({ resource }) => resource)),
    gone: [...vms.keys()].filter((resource) => !present.some((vm) => vm.resource === resource)),
  };
}

export const hasChanges = (changes: PlanChanges): boolean =>
  changes.checks.size > 0 || changes.vms.size > 0 || changes.gone.length > 0;
