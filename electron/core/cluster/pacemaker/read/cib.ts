import type { ClusterMember, ClusterVm } from '#shared/model/cluster.ts';
import type { CorosyncNode } from './corosync-conf.ts';
import { pairsOf } from './nvpairs.ts';
import type { RawRecord } from './records.ts';
import { attribute, childOf, childrenOf, descendantsOf, isTrue, parseXml } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** What the CIB tells beside crm_mon. */
export interface CibFacts {
  readonly clusterName: string | null;
  readonly members: readonly ClusterMember[];
  readonly vms: readonly ClusterVm[];
  /** Our own records, not decoded yet. */
  readonly records: readonly RawRecord[];
}

/**
 * Parses `cibadmin -Q` (the whole, or the parts that the read command asks for), or `undefined` where it is no CIB.
 * Members are the CIB's nodes, the remotes among its resources, and whom `corosync` names though they never started.
 */
export function parseCib(xml: string, corosync: readonly CorosyncNode[]): CibFacts | undefined {
  const root = parseXml(xml);
  const configuration = root?.name === 'configuration' ? root : descendantsOf(root, 'configuration')[0];
  if (root === undefined || configuration === undefined) return undefined;
  const primitives = withTemplates(childOf(configuration, 'resources'));
  const nodes = childrenOf(childOf(configuration, 'nodes'), 'node');
  const options = childrenOf(childOf(configuration, 'crm_config'), 'cluster_property_set');
  return {
    clusterName: pairsOf(options).get('cluster-name') ?? null,
    members: members(nodes, primitives, corosync, transientStandby(root), lastActions(root)),
    vms: primitives.filter((primitive) => attribute(primitive, 'type') === 'VirtualDomain').map(toVm),
    records: [
      ...nodes.flatMap((node) => {
        const name = attribute(node, 'uname') || attribute(node, 'id');
        return ourPairs(childrenOf(node, 'instance_attributes'), name);
      }),
      ...ourPairs(options, null),
    ],
  };
}

/**
 * Every primitive, with what its template (`<primitive template=…>`) gives it before what it says itself: of two sets the later one wins.
 */
export function withTemplates(resources: XmlElement | undefined): readonly XmlElement[] {
  const templates = new Map(childrenOf(resources, 'template').map((template) => [attribute(template, 'id'), template]));
  return descendantsOf(resources, 'primitive').map((primitive) => {
    const template = templates.get(attribute(primitive, 'template'));
    if (template === undefined) return primitive;
    return {
      ...primitive,
      attributes: new Map([...template.attributes, ...primitive.attributes]),
      children: [...template.children, ...primitive.children],
    };
  });
}

function ourPairs(sets: readonly XmlElement[], node: string | null): readonly RawRecord[] {
  return [...pairsOf(sets)]
    .filter(([name]) => name.startsWith('rackside-'))
    .map(([name, value]) => ({ node, name, value }));
}

/** Ids of nodes with `standby` among their transient attributes: `crm_attribute --lifetime reboot`. */
function transientStandby(root: XmlElement): ReadonlySet<string> {
  const ids = descendantsOf(root, 'transient_attributes')
    .filter((attributes) => isTrue(pairsOf([attributes]).get('standby') ?? ''))
    .map((attributes) => attribute(attributes, 'id'));
  return new Set(ids);
}

/** The newest action of each node that is out of the cluster, by its id; UTC ms. What was only tried, and made up an end for, is none. */
function lastActions(root: XmlElement): ReadonlyMap<string, number> {
  const isIn = new Set(
    descendantsOf(root, 'node_state')
      .filter((state) => !['false', '0'].includes(attribute(state, 'in_ccm')))
      .map((state) => attribute(state, 'id')),
  );
  const times = descendantsOf(root, 'lrm').map((lrm): readonly [string, number] => {
    const carriedOut = descendantsOf(lrm, 'lrm_rsc_op').filter((action) => attribute(action, 'op-status') === '0');
    return [
      attribute(lrm, 'id'),
      Math.max(0, ...carriedOut.map((action) => Number(attribute(action, 'last-rc-change')) || 0)),
    ];
  });
  return new Map(times.filter(([id, at]) => at > 0 && !isIn.has(id)).map(([id, at]) => [id, at * 1000]));
}

function members(
  nodes: readonly XmlElement[],
  primitives: readonly XmlElement[],
  corosync: readonly CorosyncNode[],
  standbyUntilReboot: ReadonlySet<string>,
  actedAt: ReadonlyMap<string, number>,
): readonly ClusterMember[] {
  const addresses = new Map(corosync.map(({ name, address }) => [name, address]));
  const remotes = new Map(
    primitives
      .filter((primitive) => attribute(primitive, 'type') === 'remote')
      .map((primitive) => {
        const id = attribute(primitive, 'id');
        // Without `server` Pacemaker connects to the resource's own name (ocf:pacemaker:remote).
        return [id, pairsOf(childrenOf(primitive, 'instance_attributes')).get('server') ?? id] as const;
      }),
  );
  const fromCib = nodes
    // A guest node has an entry too; it is a VM of ours, no server.
    .filter((node) => attribute(node, 'type') !== 'remote' || remotes.has(attribute(node, 'id')))
    .map((node): ClusterMember => {
      const id = attribute(node, 'id');
      const name = attribute(node, 'uname') || id;
      const isPermanent = isTrue(pairsOf(childrenOf(node, 'instance_attributes')).get('standby') ?? '');
      return {
        name,
        id,
        type: remotes.has(name) ? 'remote' : 'member',
        address: remotes.get(name) ?? addresses.get(name) ?? null,
        memoryCapacityMib: memoryMib(node),
        standby: isPermanent ? 'forever' : standbyUntilReboot.has(id) ? 'reboot' : 'off',
        actedAt: actedAt.get(id) ?? null,
      };
    });
  const known = new Set(fromCib.map(({ name }) => name));
  const others = [
    ...[...remotes].map(([name, address]) => ({ name, id: name, type: 'remote' as const, address })),
    ...corosync.map(({ name, id, address }) => ({ name, id, type: 'member' as const, address })),
  ];
  const unlisted = others
    .filter(({ name }) => !known.has(name))
    .map((other) => ({
      ...other,
      memoryCapacityMib: null,
      standby: standbyUntilReboot.has(other.id) ? ('reboot' as const) : ('off' as const),
      actedAt: actedAt.get(other.id) ?? null,
    }));
  return [...fromCib, ...unlisted];
}

/** `memory` is the utilization this project and the pcs documentation use; `hv_memory` what VirtualDomain sets on its own. Both MiB. */
function memoryMib(element: XmlElement): number | null {
  const utilization = pairsOf(childrenOf(element, 'utilization'));
  const text = utilization.get('memory') ?? utilization.get('hv_memory');
  const mib = Number(text);
  return text === undefined || text === '' || !Number.isFinite(mib) ? null : mib;
}

/** A VM of a primitive that has its template's parts. */
export function toVm(primitive: XmlElement): ClusterVm {
  const id = attribute(primitive, 'id');
  const config = pairsOf(childrenOf(primitive, 'instance_attributes')).get('config') ?? '';
  // The domain's name stands inside the file; by convention the file is named after it (`/etc/libvirt/qemu/vm1.xml`).
  const fileName = /([^/]+)\.xml$/u.exec(config)?.[1];
  return {
    resource: id,
    domain: fileName ?? id,
    memoryMib: memoryMib(primitive),
    canLiveMigrate: isTrue(pairsOf(childrenOf(primitive, 'meta_attributes')).get('allow-migrate') ?? ''),
  };
}
