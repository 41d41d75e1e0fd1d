import type {
  ClusterFailCount,
  ClusterFailure,
  ClusterNode,
  ClusterResource,
  FenceEvent,
} from '#shared/model/cluster.ts';
import { parseClusterTime } from './cluster-time.ts';
import { attribute, childOf, childrenOf, descendantsOf, isTrue, parseXml } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** What `crm_mon --output-as=xml` tells, flattened; or why it tells nothing. */
export type CrmMonOutput =
  | ({ readonly kind: 'status' } & CrmMonStatus)
  /** Exit 102, or pacemakerd not (yet) running: there is no cluster on this machine. `because` is its own words. */
  | { readonly kind: 'not-running'; readonly because: string }
  /** Exit 4: the login is neither root nor in the group haclient. */
  | { readonly kind: 'no-privilege'; readonly because: string }
  | { readonly kind: 'not-understood' };

export interface CrmMonStatus {
  readonly apiVersion: string;
  /** Of the DC; empty while none is elected. */
  readonly pacemakerVersion: string;
  readonly dc: string | null;
  /** What the DC says of quorum; `null` while none is elected. */
  readonly hasQuorum: boolean | null;
  readonly isInMaintenanceMode: boolean;
  readonly isFencingEnabled: boolean;
  readonly noQuorumPolicy: string;
  readonly nodes: readonly ClusterNode[];
  readonly resources: readonly ClusterResource[];
  readonly failures: readonly ClusterFailure[];
  readonly failCounts: readonly ClusterFailCount[];
  readonly fencing: readonly FenceEvent[];
}

/** Pacemaker's INFINITY: a fail count that means "never here again". */
const infinity = 1_000_000;

/**
 * Parses crm_mon's XML (api-version 2.x; captured from Pacemaker 2.1.5). A guest node (a VM that runs pacemaker_remote) is left out: it
 * is no server. Nothing is judged here: a partition without quorum is parsed like any other.
 */
export function parseCrmMon(xml: string): CrmMonOutput {
  const root = parseXml(xml);
  if (root?.name !== 'pacemaker-result' && root?.name !== 'crm_mon') return { kind: 'not-understood' };
  const status = childOf(root, 'status');
  const daemon = attribute(childOf(root, 'pacemakerd'), 'state');
  const error = descendantsOf(status, 'error').at(-1)?.text;
  if (attribute(status, 'code') === '4')
    return { kind: 'no-privilege', because: error ?? attribute(status, 'message') };
  if (attribute(status, 'code') === '102' || (daemon !== '' && daemon !== 'running'))
    return { kind: 'not-running', because: error ?? `pacemakerd is ${daemon || 'not running'}` };
  const summary = childOf(root, 'summary');
  const nodes = childOf(root, 'nodes');
  if (summary === undefined || nodes === undefined) return { kind: 'not-understood' };
  const dc = childOf(summary, 'current_dc');
  const hasDc = isTrue(attribute(dc, 'present'));
  const options = childOf(summary, 'cluster_options');
  const histories = childrenOf(childOf(root, 'node_history'), 'node');
  const opening = new Set(histories.flatMap(toOpenStarts));
  return {
    kind: 'status',
    apiVersion: attribute(root, 'api-version'),
    pacemakerVersion: attribute(dc, 'version'),
    dc: hasDc ? attribute(dc, 'name') : null,
    hasQuorum: hasDc ? isTrue(attribute(dc, 'with_quorum')) : null,
    isInMaintenanceMode: isTrue(attribute(options, 'maintenance-mode')),
    isFencingEnabled: isTrue(attribute(options, 'stonith-enabled')),
    noQuorumPolicy: attribute(options, 'no-quorum-policy'),
    nodes: childrenOf(nodes, 'node')
      .filter((node) => !node.attributes.has('id_as_resource'))
      .map(toNode),
    resources: flatten(childOf(root, 'resources'), null).map((resource) => asOpening(resource, opening)),
    failures: childrenOf(childOf(root, 'failures'), 'failure').map(toFailure),
    failCounts: histories.flatMap(toFailCounts),
    fencing: childrenOf(childOf(root, 'fence_history'), 'fence_event').map(toFenceEvent),
  };
}

function toNode(node: XmlElement): ClusterNode {
  const is = (name: string): boolean => isTrue(attribute(node, name));
  return {
    name: attribute(node, 'name'),
    id: attribute(node, 'id'),
    type: attribute(node, 'type') === 'remote' ? 'remote' : 'member',
    isOnline: is('online'),
    isStandby: is('standby'),
    isStandbyOnFail: is('standby_onfail'),
    isInPacemakerMaintenance: is('maintenance'),
    isPending: is('pending'),
    isUnclean: is('unclean'),
    isShuttingDown: is('shutdown'),
    isDc: is('is_dc'),
    resourcesRunning: Number(attribute(node, 'resources_running')) || 0,
  };
}

/** Every `<resource>` below, whatever it is grouped in. `clone` is the outermost clone or bundle around it. */
function flatten(container: XmlElement | undefined, clone: string | null): readonly ClusterResource[] {
  return (container?.children ?? []).flatMap((child) => {
    if (child.name === 'resource') return [toResource(child, clone)];
    const opensClone = child.name === 'clone' || child.name === 'bundle';
    return flatten(child, clone ?? (opensClone ? attribute(child, 'id') : null));
  });
}

function toResource(resource: XmlElement, clone: string | null): ClusterResource {
  const pending = attribute(resource, 'pending');
  return {
    id: attribute(resource, 'id'),
    clone,
    agent: attribute(resource, 'resource_agent'),
    role: attribute(resource, 'role'),
    isManaged: isTrue(attribute(resource, 'managed')),
    isFailed: isTrue(attribute(resource, 'failed')),
    isBlocked: isTrue(attribute(resource, 'blocked')),
    isOrphaned: isTrue(attribute(resource, 'orphaned')),
    ...(pending === '' ? {} : { pending }),
    nodes: childrenOf(resource, 'node').map((node) => attribute(node, 'name')),
  };
}

/** What Pacemaker gives as the result of an action that has none yet. */
const openResult = '193';

/** The starts on a node that have not ended, each as `resource node`. */
function toOpenStarts(node: XmlElement): readonly string[] {
  return childrenOf(node, 'resource_history')
    .filter((history) =>
      childrenOf(history, 'operation_history').some(
        (operation) => attribute(operation, 'task') === 'start' && attribute(operation, 'rc') === openResult,
      ),
    )
    .map((history) => `${attribute(history, 'id')} ${attribute(node, 'name')}`);
}

/**
 * A Worker's connection whose opening has no end is Starting, whatever is said. Pacemaker forgets an action of it that is older than its
 * `reconnect_interval`, takes the monitor of an earlier life for its newest, and calls the connection of a machine that is off Started for the
 * rest of the minute (captured: timelines/force-connected-worker).
 */
function asOpening(resource: ClusterResource, opening: ReadonlySet<string>): ClusterResource {
  const isOpening =
    resource.agent === 'ocf:pacemaker:remote' &&
    resource.role === 'Started' &&
    resource.nodes.some((node) => opening.has(`${resource.id} ${node}`));
  return isOpening ? { ...resource, role: 'Starting' } : resource;
}

/** The resource of an operation key: `vm1_migrate_to_0`, `lab_demo_monitor_5000` (a resource's id may hold underscores itself). */
function resourceOfKey(key: string, task: string): string {
  const end = task === '' ? -1 : key.lastIndexOf(`_${task}_`);
  return end > 0 ? key.slice(0, end) : key.replace(/_(?:migrate_(?:to|from)|[a-z-]+)_\d+$/u, '');
}

function toFailure(failure: XmlElement): ClusterFailure {
  const task = attribute(failure, 'task');
  return {
    resource: resourceOfKey(attribute(failure, 'op_key') || attribute(failure, 'id'), task),
    node: attribute(failure, 'node'),
    operation: task,
    exitStatus: attribute(failure, 'exitstatus'),
    exitReason: attribute(failure, 'exitreason'),
    failedAt: parseClusterTime(attribute(failure, 'last-rc-change')),
  };
}

/** `INFINITY` (written out by newer versions) or its number. */
function count(text: string): number {
  return text === 'INFINITY' ? infinity : Number(text) || 0;
}

function toFailCounts(node: XmlElement): readonly ClusterFailCount[] {
  return childrenOf(node, 'resource_history')
    .filter((history) => count(attribute(history, 'fail-count')) > 0)
    .map((history) => ({
      // A clone's instance is `demo:1` here where the clone is unique, and its primitive's id where it is anonymous.
      resource: attribute(history, 'id'),
      node: attribute(node, 'name'),
      failCount: count(attribute(history, 'fail-count')),
      limit: count(attribute(history, 'migration-threshold')) || infinity,
    }));
}

function toFenceEvent(event: XmlElement): FenceEvent {
  const status = attribute(event, 'status');
  return {
    action: attribute(event, 'action'),
    target: attribute(event, 'target'),
    // Whatever is neither success nor failure (`pending`, and `querying`, `executing` of other versions) has not ended.
    status: status === 'success' || status === 'failed' ? status : 'pending',
    delegate: attribute(event, 'delegate') || attribute(event, 'origin'),
    client: attribute(event, 'client'),
    completedAt: parseClusterTime(attribute(event, 'completed')),
    exitReason: attribute(event, 'exit-reason'),
  };
}
