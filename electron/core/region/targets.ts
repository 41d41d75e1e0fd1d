import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { LoginSettings, RegionProfile } from '#shared/model/region.ts';
import type { SshTarget } from '../ssh/transport.ts';

/** Whose secrets a machine's login uses: the region's, a jump host's, or a single node's. */
export function secretScopeOf(profile: RegionProfile, of: { readonly jump?: string; readonly node?: string }): string {
  if (of.jump !== undefined) return `${profile.id}/jump/${of.jump}`;
  if (of.node !== undefined && profile.nodeLogins[of.node] !== undefined) return `${profile.id}/node/${of.node}`;
  return profile.id;
}

/** The jump hosts every machine of the region is reached through, first hop first. */
function jumpTargets(profile: RegionProfile): readonly SshTarget[] {
  return profile.jumps.map((jump) => ({
    host: jump.host,
    port: jump.port,
    ...loginOf(jump.login),
    jumps: [],
    secretScope: secretScopeOf(profile, { jump: jump.host }),
  }));
}

/** A control node to open the region through. */
export function seedTarget(profile: RegionProfile, seed: { readonly host: string; readonly port: number }): SshTarget {
  return {
    host: seed.host,
    port: seed.port,
    ...loginOf(profile.login),
    jumps: jumpTargets(profile),
    secretScope: secretScopeOf(profile, {}),
  };
}

/**
 * The control nodes a region can be opened through, best first: those the person named, then those the cluster named last, so that it stays
 * live when the named one is the node that is serviced.
 */
export function controlTargets(profile: RegionProfile, known: ClusterAnswer | undefined): readonly SshTarget[] {
  const seeds = profile.seeds.map((seed) => seedTarget(profile, seed));
  const hosts = new Set(profile.seeds.map(({ host }) => host));
  const others = (known?.members ?? []).flatMap(({ name, type, address }) => {
    if (type !== 'member' || address === null) return [];
    const recorded = known?.records.nodes[name]?.address ?? address;
    if ([name, address, recorded].some((one) => hosts.has(one))) return [];
    return [nodeTarget(profile, name, recorded)];
  });
  return [...seeds, ...others];
}

/**
 * A node, at one of its addresses. `through`: the control node that the region was opened by, for a ring network that is
 * not routed to the laptop (`status.md`, The address of a node).
 */
export function nodeTarget(profile: RegionProfile, node: string, host: string, through?: SshTarget): SshTarget {
  const login = profile.nodeLogins[node] ?? profile.login;
  return {
    host,
    port: login.port,
    ...loginOf(login),
    jumps: through === undefined ? jumpTargets(profile) : [...through.jumps, { ...through, jumps: [] }],
    secretScope: secretScopeOf(profile, { node }),
  };
}

function loginOf(login: LoginSettings): Pick<SshTarget, 'user' | 'methods'> {
  return { user: login.user, methods: login.methods };
}
