import type { RegionProfile } from '#shared/model/region.ts';
import type { SshTarget } from '../ssh/transport.ts';
import { nodeTarget } from './targets.ts';

/** The control node that answers for the region: its name in the cluster, and how this laptop reaches it. */
export interface ControlRoute {
  readonly name: string;
  readonly target: SshTarget;
}

/**
 * The ways to a node, best first (`docs/status.md`, The address of a node): the address that the cluster or our record names,
 * then the same through the control node that the region was opened by. The control node itself is reached as it was opened.
 */
export function routesTo(
  profile: RegionProfile,
  node: { readonly name: string; readonly address: string | null },
  control: ControlRoute | undefined,
): readonly SshTarget[] {
  if (control?.name === node.name && profile.nodeLogins[node.name] === undefined) return [control.target];
  if (node.address === null) return [];
  const direct = nodeTarget(profile, node.name, node.address);
  return control === undefined ? [direct] : [direct, nodeTarget(profile, node.name, node.address, control.target)];
}
