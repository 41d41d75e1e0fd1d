import type { Definition } from '../definitions.ts';
import { askStopStep, offStep, restoreRoleStep } from '../steps/shut-down.ts';

/** Shuts one VM down through the cluster, which then does not start it again by itself. */
export const shutDownVm: Definition = {
  command: 'shut-down-vm',
  purpose: (node) => `shutting down a VM on ${node}`,
  steps: () => [askStopStep, offStep],
  undo: [restoreRoleStep],
  outcome: ({ vms }) => ({
    outcome: 'succeeded',
    left: vms.map(
      ({ domain, resource }) =>
        `${domain} is off and stays so, until somebody starts it again: pcs resource enable ${resource}.`,
    ),
  }),
  left: ({ vms }) =>
    vms.map(({ domain, target, detail }) =>
      detail !== ''
        ? `${domain}: ${detail}.`
        : target === null
          ? `${domain} does not run, and the cluster may start it.`
          : `${domain} runs on ${target}.`,
    ),
  async settled({ region, nodeId }) {
    await region.readNode(nodeId);
    await region.readFresh();
  },
};
