import type { MaintenanceChoices, PreparedMaintenance } from '#shared/model/maintenance.ts';

/**
 * The choices with each VM's target as it stands in the plan. That plan is what a person confirms, as long as it can be done; the best one of the
 * moment of the start is another one whenever a VM moved anywhere in the region, and would never be confirmed where VMs move all the time.
 */
export function asShown(choices: MaintenanceChoices, answer: Pick<PreparedMaintenance, 'vms'>): MaintenanceChoices {
  const shown = answer.vms.flatMap(({ resource, target }) => (target === null ? [] : [[resource, target] as const]));
  return { ...choices, targets: { ...Object.fromEntries(shown), ...choices.targets } };
}
