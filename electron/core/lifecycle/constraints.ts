import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { ClusterConfiguration, ClusterConstraint } from '#shared/model/configuration.ts';
import { attributesOf, barredNodes, infinity, namesResource, scoreOf } from './location-rules.ts';

/** What the cluster's constraints say of one VM. */
export interface Restrictions {
  /** Nodes it must not go to: words by node. */
  readonly excluded: ReadonlyMap<string, string>;
  /** It has to run where another resource of the same node runs: moving it alone is no move. In words; `null`: no. */
  readonly tied: string | null;
  /** Constraints that are more than our own plan understands, in words: the cluster's scheduler is asked, nothing is guessed. */
  readonly unclear: readonly string[];
}

export interface ConstraintReading {
  readonly of: ReadonlyMap<string, Restrictions>;
  /** Pairs of the VMs that must never be on one node. */
  readonly apart: readonly (readonly [string, string])[];
}

interface Found {
  readonly excluded: Map<string, string>;
  tied: string | null;
  readonly unclear: string[];
}

/**
 * Reads the constraints as far as they bar or bind the VMs that leave `source`. Understood: -INFINITY for a node, plain, by pattern or by
 * one rule on `#uname`; -INFINITY and INFINITY between two resources. Preferences (finite scores) and orders bar nothing. The rest is
 * told in words.
 *
 * @param leaving resources of the VMs that leave.
 * @param nodes every other node's name.
 */
export function readConstraints(
  configuration: Pick<ClusterConfiguration, 'constraints' | 'vms'>,
  answer: Pick<ClusterAnswer, 'resources'>,
  leaving: readonly string[],
  source: string,
  nodes: readonly string[],
): ConstraintReading {
  const found = new Map<string, Found>(
    leaving.map((resource) => [resource, { excluded: new Map(), tied: null, unclear: [] }]),
  );
  const { topLevels, naming, byPattern } = indexOfConstraints(configuration);
  const apart: (readonly [string, string])[] = [];
  // By id, each once: the answer must not depend on how it was looked up.
  const relevant = new Set([...byPattern, ...leaving.flatMap((resource) => naming.get(resource) ?? [])]);
  for (const constraint of [...relevant].toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    if (constraint.kind === 'location') readLocation(constraint, found, topLevels, nodes);
    else if (constraint.kind === 'colocation') readColocation(constraint, found, apart, answer, source, nodes);
  }
  return { of: found, apart };
}

interface ConstraintIndex {
  readonly topLevels: ReadonlyMap<string, string>;
  /** Constraints by each resource they name. */
  readonly naming: ReadonlyMap<string, readonly ClusterConstraint[]>;
  readonly byPattern: readonly ClusterConstraint[];
}

const indexes = new WeakMap<object, ConstraintIndex>();

/** Made once for a configuration: headroom asks for every node of the region. */
function indexOfConstraints(configuration: Pick<ClusterConfiguration, 'constraints' | 'vms'>): ConstraintIndex {
  const made = indexes.get(configuration);
  if (made !== undefined) return made;
  const naming = new Map<string, ClusterConstraint[]>();
  for (const constraint of configuration.constraints) {
    for (const resource of constraint.resources) {
      const list = naming.get(resource);
      if (list === undefined) naming.set(resource, [constraint]);
      else list.push(constraint);
    }
  }
  const index: ConstraintIndex = {
    topLevels: new Map(configuration.vms.map(({ resource, topLevel }) => [resource, topLevel])),
    naming,
    byPattern: configuration.constraints.filter(({ pattern }) => pattern !== null),
  };
  indexes.set(configuration, index);
  return index;
}

function readLocation(
  constraint: ClusterConstraint,
  found: ReadonlyMap<string, Found>,
  topLevels: ReadonlyMap<string, string>,
  nodes: readonly string[],
): void {
  const named =
    constraint.pattern === null
      ? constraint.resources.filter((resource) => found.has(resource))
      : [...found.keys()].filter((resource) => namesResource(constraint, topLevels.get(resource) ?? resource));
  const barred = named.length === 0 ? undefined : barredNodes(constraint, nodes);
  if (barred === undefined) return;
  for (const resource of named) {
    const of = found.get(resource);
    if (of === undefined) continue;
    if (barred.kind === 'unclear') of.unclear.push(`${constraint.id}: ${barred.because}`);
    else for (const node of barred.nodes) of.excluded.set(node, `constraint ${constraint.id}`);
  }
}

function readColocation(
  constraint: ClusterConstraint,
  found: ReadonlyMap<string, Found>,
  apart: (readonly [string, string])[],
  answer: Pick<ClusterAnswer, 'resources'>,
  source: string,
  nodes: readonly string[],
): void {
  const named = constraint.resources.filter((resource) => found.has(resource));
  if (named.length === 0) return;
  const attributes = attributesOf(constraint.xml);
  const score = constraint.score ?? scoreOf(attributes.get('score'));
  // A preference: the cluster weighs it, and it forbids nothing.
  if (score !== null && Math.abs(score) < infinity) return;
  const [one, other] = [attributes.get('rsc'), attributes.get('with-rsc')];
  const nodeAttribute = attributes.get('node-attribute') ?? '#uname';
  const hasRoles = ['rsc-role', 'with-rsc-role'].some((name) => !/^(Started)?$/u.test(attributes.get(name) ?? ''));
  if (one === undefined || other === undefined || score === null || nodeAttribute !== '#uname' || hasRoles) {
    for (const resource of named)
      found.get(resource)?.unclear.push(`${constraint.id}: a colocation of sets, roles or node attributes`);
    return;
  }
  if (found.has(one) && found.has(other)) {
    if (score < 0) apart.push([one, other]);
    else
      for (const [a, b] of [
        [one, other],
        [other, one],
      ] as const)
        tie(found, a, b, constraint.id);
    return;
  }
  const vm = found.has(one) ? one : other;
  const partner = vm === one ? other : one;
  const where = placesOf(answer, partner);
  const of = found.get(vm);
  if (of === undefined) return;
  if (score < 0) {
    for (const node of where) of.excluded.set(node, `constraint ${constraint.id}: not with ${partner}`);
  } else if (vm === one) {
    // It follows its partner: to a node where that runs too, which a clone does, or nowhere.
    if (where.has(source) && where.size === 1) tie(found, vm, partner, constraint.id);
    else
      for (const node of nodes)
        if (!where.has(node)) of.excluded.set(node, `constraint ${constraint.id}: only with ${partner}`);
  }
}

function tie(found: ReadonlyMap<string, Found>, vm: string, partner: string, id: string): void {
  const of = found.get(vm);
  if (of !== undefined) of.tied = `it has to run where ${partner} runs (constraint ${id})`;
}

/** Nodes a resource, or an instance of the clone of that name, is on. */
function placesOf({ resources }: Pick<ClusterAnswer, 'resources'>, id: string): ReadonlySet<string> {
  return new Set(
    resources
      .filter((resource) => (resource.id === id || resource.clone === id) && resource.role !== 'Stopped')
      .flatMap(({ nodes }) => nodes),
  );
}
