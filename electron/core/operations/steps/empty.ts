import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { pauseOrCancel, readCluster } from '../look.ts';
import { stepFailed } from '../run-steps.ts';
import type { Step } from '../step.ts';
import { isKnownOff } from './known-off.ts';
import { domainsNow, foreignResourcesOn, isDown } from './on-node.ts';

const confirmedWithinMs = 60_000;

/** R1, R2: *In maintenance* is only said after libvirt and the cluster both say, read anew, that nothing runs there. */
export const emptyStep: Step = emptyUnless(() => undefined);

/**
 * The same where the services are stopped in the end: whoever goes on with it after that may find the machine switched off by hand. It was
 * read to be empty before they stopped, and has been clean and offline with its record since.
 */
export const emptyOrStoppedStep: Step = emptyUnless((answer, node) =>
  answer.records.nodes[node]?.maintenance?.isStopped === true && isDown(answer, node)
    ? 'its services were stopped once it was empty; the cluster: nothing runs'
    : undefined,
);

/** @param otherProof what else proves it of a node whose libvirt says nothing, in words. */
function emptyUnless(otherProof: (answer: ClusterAnswer, node: string) => string | undefined): Step {
  return {
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
        const proof = resources.length === 0 && domains.kind === 'unknown' ? otherProof(answer, node) : undefined;
        if (proof !== undefined) return proof;
        if (clock.monotonic() - begun >= confirmedWithinMs) {
          const because =
            resources.length > 0
              ? `the cluster has ${resources.join(', ')} there`
              : domains.kind === 'read'
                ? `libvirt runs ${domains.names.join(', ')} there, and the cluster does not know of it`
                : `libvirt does not say what runs there: ${domains.because}`;
          return stepFailed(
            `${node} is in standby and not proven to be empty: ${because}.`,
            'Look there with virsh list; shut down what is left, then continue.',
          );
        }
        await pauseOrCancel(context, 1500);
      }
    },
  };
}
