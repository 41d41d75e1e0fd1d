import type { ClusterAnswer, ClusterMember } from '#shared/model/cluster.ts';
import { isOld, valueOf } from '#shared/model/reading.ts';
import { stepFailed } from '../run-steps.ts';
import type { OperationContext } from '../step.ts';

/** The member as the CIB has it: whom writes are made to. */
export function memberOf(answer: ClusterAnswer, node: string): ClusterMember {
  return (
    answer.members.find(({ name }) => name === node) ??
    stepFailed(
      `${node} is not a member of the cluster any more.`,
      'Look at the table: it shows the nodes that the cluster names now.',
    )
  );
}

/** Offline and clean by the cluster's word. */
export function isDown(answer: ClusterAnswer, node: string): boolean {
  return answer.nodes.some(
    ({ name, isOnline, isUnclean, isPending }) => name === node && !isOnline && !isUnclean && !isPending,
  );
}

/** What a maintenance has to move away by the cluster's word: everything but fencing and the node's own connection. */
export function foreignResourcesOn(answer: ClusterAnswer, node: string): readonly string[] {
  const ids = answer.resources
    .filter(({ nodes }) => nodes.includes(node))
    .filter(({ id, agent }) => !agent.startsWith('stonith:') && !(agent === 'ocf:pacemaker:remote' && id === node))
    .map(({ id }) => id);
  return [...new Set(ids)];
}

/** VMs of the cluster that it has on the node, running or on their way. */
export function vmsOn(answer: ClusterAnswer, node: string): readonly string[] {
  const vms = new Set(answer.vms.map(({ resource }) => resource));
  return foreignResourcesOn(answer, node).filter((id) => vms.has(id));
}

/**
 * What libvirt runs on the node, read now. A node that is off has nothing to say: there a quorate cluster's word is the read (docs/status.md).
 * @returns the domains' names, or why it is not known.
 */
export async function domainsNow(
  context: OperationContext,
): Promise<
  { readonly kind: 'read'; readonly names: readonly string[] } | { readonly kind: 'unknown'; readonly because: string }
> {
  const { region, clock, nodeId } = context;
  const asked = clock.now();
  const { observation } = await region.readNode(nodeId);
  const { domains } = observation.slow;
  const value = valueOf(domains);
  if (value === undefined)
    return { kind: 'unknown', because: domains.kind === 'unknown' ? domains.because : 'it was not read' };
  if (domains.kind === 'known' && (domains.readAt < asked || isOld(domains, clock.now()))) {
    const { reachability } = observation;
    return {
      kind: 'unknown',
      // A clause, as every other reason is.
      because:
        reachability.kind === 'unreachable'
          ? reachability.problem.message.replace(/\.$/u, '')
          : 'it did not answer just now',
    };
  }
  return { kind: 'read', names: value.filter(({ state }) => !/^shut ?off$/u.test(state)).map(({ name }) => name) };
}
