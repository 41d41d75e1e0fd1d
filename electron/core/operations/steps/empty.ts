import { pauseOrCancel, readCluster } from '../look.ts';
import { stepFailed } from '../run-steps.ts';
import type { Step } from '../step.ts';
import { isKnownOff } from './known-off.ts';
import { domainsNow, foreignResourcesOn } from './on-node.ts';

const confirmedWithinMs = 60_000;

/** R1, R2: *In maintenance* is only said after libvirt and the cluster both say, read anew, that nothing runs there. */
export const emptyStep: Step = {
  id: 'empty',
  title: 'Read again: no VM runs here',
  isDone: () => Promise.resolve(false),
  act: () => Promise.resolve(),
  async verify(context) {
    const { clock, node } = context;
    const begun = clock.monotonic();
    for (;;) {
      const answer = await readCluster(context);
      const resources = foreignResourcesOn(answer, node);
      const domains = await domainsNow(context);
      if (resources.length === 0 && domains.kind === 'read' && domains.names.length === 0)
        return 'libvirt and the cluster: nothing runs';
      if (resources.length === 0 && domains.kind === 'unknown' && isKnownOff(context, answer))
        return 'it is off; the cluster: nothing runs';
      if (clock.monotonic() - begun >= confirmedWithinMs) {
        const because =
          resources.length > 0
            ? `the cluster has ${resources.join(', ')} there`
            : domains.kind === 'read'
              ? `libvirt runs ${domains.names.join(', ')} there, and the cluster does not know of it`
              : `libvirt does not say what runs there: ${domains.because}`;
        return stepFailed(
          `${node} is in standby and not proven to be empty: ${because}.`,
          'Look at its VMs tab; shut down what is left, then continue.',
        );
      }
      await pauseOrCancel(context, 1500);
    }
  },
};
