import type { Element } from '@xmldom/xmldom';
import type { Cib } from './cib.ts';
import { attributeOf, elementsOf } from './xml-tree.ts';

/** Pacemaker's INFINITY. */
export const infinity = 1_000_000;

export interface NodeSettings {
  readonly id: string;
  readonly isStandby: boolean;
  readonly capacityMib: number;
}

export interface VmSettings {
  readonly memoryMib: number;
  readonly allowMigrate: boolean;
  readonly isStopped: boolean;
  readonly isManaged: boolean;
  /** UTC ms until when a set of ours takes it out of the cluster's care; 0: none. */
  readonly unmanagedUntil: number;
}

/** What the configuration says, read once a version. */
export interface Settings {
  readonly nodes: ReadonlyMap<string, NodeSettings>;
  readonly vms: ReadonlyMap<string, VmSettings>;
  /** Workers, by the name of their connection. */
  readonly connections: ReadonlyMap<string, { readonly isStopped: boolean }>;
  readonly fencingDevices: readonly string[];
  /** The sum of all constraints' scores for a resource on a node. */
  score(resource: string, node: string): number;
  /** Nodes that a constraint of its own gives more than 0. */
  preferred(resource: string): readonly string[];
}

interface Location {
  readonly node: string;
  readonly score: number;
  /** `ne`: everywhere but there. */
  readonly operation: 'eq' | 'ne';
}

export function settingsOf(cib: Cib): Settings {
  const resources = cib.section('resources');
  const vms = new Map<string, VmSettings>();
  const connections = new Map<string, { readonly isStopped: boolean }>();
  const fencingDevices: string[] = [];
  for (const primitive of resources) {
    const id = attributeOf(primitive, 'id');
    if (attributeOf(primitive, 'class') === 'stonith') fencingDevices.push(id);
    else if (attributeOf(primitive, 'type') === 'VirtualDomain') vms.set(id, vmSettings(primitive));
    else if (attributeOf(primitive, 'type') === 'remote')
      connections.set(id, { isStopped: pairOf(primitive, 'meta_attributes', 'target-role') === 'Stopped' });
  }
  const nodes = new Map(
    cib.section('nodes').map((node) => {
      const id = attributeOf(node, 'id');
      return [
        attributeOf(node, 'uname') || id,
        {
          id,
          isStandby: pairOf(node, 'instance_attributes', 'standby') === 'on',
          capacityMib: Number(pairOf(node, 'utilization', 'memory') ?? 0),
        },
      ] as const;
    }),
  );
  return { nodes, vms, connections, fencingDevices, ...locationsOf(cib.section('constraints')) };
}

function vmSettings(primitive: Element): VmSettings {
  const sets = elementsOf(primitive).filter(({ tagName }) => tagName === 'meta_attributes');
  const ruled = sets.find((set) => elementsOf(set).some(({ tagName }) => tagName === 'rule'));
  const end = ruled === undefined ? '' : attributeOf(ruled.getElementsByTagName('date_expression')[0] ?? ruled, 'end');
  return {
    memoryMib: Number(pairOf(primitive, 'utilization', 'memory') ?? 0),
    allowMigrate: pairOf(primitive, 'meta_attributes', 'allow-migrate') === 'true',
    isStopped: pairOf(primitive, 'meta_attributes', 'target-role') === 'Stopped',
    isManaged: pairOf(primitive, 'meta_attributes', 'is-managed', ruled) !== 'false',
    unmanagedUntil: end === '' ? 0 : Date.parse(end),
  };
}

/** The value of a name in the sets of a kind; `without`: a set that a rule guards. */
function pairOf(element: Element, kind: string, name: string, without?: Element): string | undefined {
  for (const set of elementsOf(element)) {
    if (set.tagName !== kind || set === without) continue;
    for (const pair of elementsOf(set)) if (attributeOf(pair, 'name') === name) return attributeOf(pair, 'value');
  }
  return undefined;
}

function locationsOf(constraints: readonly Element[]): Pick<Settings, 'score' | 'preferred'> {
  const ofResource = new Map<string, Location[]>();
  const ofPattern: { readonly matches: (resource: string) => boolean; readonly location: Location }[] = [];
  for (const constraint of constraints) {
    if (constraint.tagName !== 'rsc_location') continue;
    const pattern = attributeOf(constraint, 'rsc-pattern');
    for (const location of locationsIn(constraint)) {
      if (pattern !== '') ofPattern.push({ matches: matcher(pattern), location });
      else {
        const resource = attributeOf(constraint, 'rsc');
        ofResource.set(resource, [...(ofResource.get(resource) ?? []), location]);
      }
    }
  }
  return {
    score(resource, node) {
      let sum = 0;
      for (const location of ofResource.get(resource) ?? [])
        if (holds(location, node)) sum = added(sum, location.score);
      for (const { matches, location } of ofPattern)
        if (holds(location, node) && matches(resource)) sum = added(sum, location.score);
      return sum;
    },
    preferred: (resource) =>
      (ofResource.get(resource) ?? [])
        .filter(({ score, operation }) => score > 0 && operation === 'eq')
        .map(({ node }) => node),
  };
}

function locationsIn(constraint: Element): readonly Location[] {
  const rules = elementsOf(constraint).filter(({ tagName }) => tagName === 'rule');
  if (rules.length === 0)
    return [
      { node: attributeOf(constraint, 'node'), score: scoreOf(attributeOf(constraint, 'score')), operation: 'eq' },
    ];
  return rules.flatMap((rule) =>
    elementsOf(rule)
      .filter((expression) => attributeOf(expression, 'attribute') === '#uname')
      .map((expression) => ({
        node: attributeOf(expression, 'value'),
        score: scoreOf(attributeOf(rule, 'score')),
        operation: attributeOf(expression, 'operation') === 'ne' ? ('ne' as const) : ('eq' as const),
      })),
  );
}

const holds = ({ node, operation }: Location, name: string): boolean => (node === name) === (operation === 'eq');

/** `-INFINITY` wins over everything, `INFINITY` over every number. */
function added(sum: number, score: number): number {
  if (sum <= -infinity || score <= -infinity) return -infinity;
  return Math.min(infinity, sum + score);
}

function scoreOf(text: string): number {
  if (text === '-INFINITY') return -infinity;
  return text === 'INFINITY' || text === '+INFINITY' ? infinity : Number(text) || 0;
}

/** `!` in front of a pattern: what it does not match. */
function matcher(pattern: string): (resource: string) => boolean {
  const isNegated = pattern.startsWith('!');
  const expression = new RegExp(isNegated ? pattern.slice(1) : pattern, 'u');
  return (resource) => expression.test(resource) !== isNegated;
}
