import type { ClusterConfiguration, FencingDevice, VmConfiguration } from '#shared/model/configuration.ts';
import { runSections, section, sectionOf, sectionScript, splitSections } from '../../../ssh/sections.ts';
import type { SectionChannel, SectionedOutput } from '../../../ssh/sections.ts';
import type { RemoteCommand } from '../../../ssh/transport.ts';
import { asLoginOrRoot, mostClusterBytes, outputEvidence } from './ask-cluster.ts';
import type { Asked } from './ask-cluster.ts';
import { toVm, withTemplates } from './cib.ts';
import { parseClusterTime } from './cluster-time.ts';
import { constraintsIn } from './constraints.ts';
import { pairsOf, valueIn } from './nvpairs.ts';
import { attribute, childOf, childrenOf, descendantsOf, isTrue, parseXml } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** The meta attributes with which a move of ours takes a VM out of the cluster's care, until a time that stands in their rule. */
function careSetId(resource: string): string {
  return `rackside-care-${resource}`;
}

/** The whole CIB (12 ms, 44 KB on the lab's six VMs), because only its root says whether its partition has quorum. Read-only. */
export function configurationCommand(privilege: RemoteCommand['privilege']): RemoteCommand {
  return { script, privilege };
}

const script = sectionScript([section('cib', 'cibadmin -Q'), section('uname', 'uname -n')]);
const shown = 'cibadmin -Q';

export interface ReadConfigurationOptions {
  readonly deadlineMs: number;
  /** UTC ms, this laptop's clock. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
}

/**
 * Reads the configuration through a control node. A login without the cluster's group is tried again as root.
 *
 * @throws ProblemError `cluster-not-running`, `no-cluster-software`, `output-not-understood`, and whatever the channel throws.
 */
export function readConfiguration(
  channel: SectionChannel,
  { deadlineMs, now, signal }: ReadConfigurationOptions,
): Promise<ClusterConfiguration> {
  const options = { deadlineMs, maxOutputBytes: mostClusterBytes, ...(signal === undefined ? {} : { signal }) };
  return asLoginOrRoot(async (privilege) =>
    understandConfiguration(await runSections(channel, configurationCommand(privilege), options), privilege, now()),
  );
}

/** What a run of the command means. Pure: the same bytes give the same answer. */
export function understandConfiguration(
  output: SectionedOutput,
  privilege: RemoteCommand['privilege'],
  readAt: number,
): Asked<ClusterConfiguration> {
  const split = splitSections(output);
  const cib = split.kind === 'value' ? sectionOf(split.value, 'cib') : null;
  const configuration = cib?.status === 0 ? parseConfiguration(cib.text, readAt) : undefined;
  if (configuration !== undefined) return { kind: 'answer', answer: configuration };
  const host = (split.kind === 'value' ? sectionOf(split.value, 'uname').text.trim() : '') || 'the node';
  const said = cib?.error.split('\n')[0] ?? '';
  const evidence = outputEvidence(output, shown);
  if (cib?.status === 127) {
    return {
      kind: 'problem',
      problem: {
        code: 'no-cluster-software',
        message: `${host} has no Pacemaker: cibadmin is not installed there.`,
        advice: 'Read the region through one of its control nodes.',
      },
    };
  }
  // cibadmin says the same of a login without rights and of a cluster that is stopped: root tells which.
  if (cib?.status === 102 && privilege === 'none') return { kind: 'no-privilege', because: said };
  if (cib?.status === 102) {
    return {
      kind: 'problem',
      problem: {
        code: 'cluster-not-running',
        message: `No cluster answers on ${host}: ${said}.`,
        advice: 'Read the region through another control node, or start Pacemaker there (systemctl start pacemaker).',
        evidence,
      },
    };
  }
  const because = split.kind === 'unknown' ? split.because : said || 'what cibadmin printed is no CIB';
  return {
    kind: 'problem',
    problem: {
      code: 'output-not-understood',
      message: `The cluster's configuration could not be read on ${host}: ${because}.`,
      advice: 'Try again. If it stays so, look whether “cibadmin -Q” answers there.',
      evidence,
    },
  };
}

/** Parses `cibadmin -Q`; `undefined` where it is no whole CIB. */
export function parseConfiguration(xml: string, readAt: number): ClusterConfiguration | undefined {
  const cib = parseXml(xml);
  const configuration = childOf(cib, 'configuration');
  if (cib?.name !== 'cib' || configuration === undefined) return undefined;
  const options = childrenOf(childOf(configuration, 'crm_config'), 'cluster_property_set');
  const resources = childOf(configuration, 'resources');
  const primitives = new Map(withTemplates(resources).map((primitive) => [attribute(primitive, 'id'), primitive]));
  const placed = (resources?.children ?? []).flatMap((child) => placesIn(child, primitives, { topLevel: null }));
  const isOther = ({ primitive, isTopLevel }: Placed) => isTopLevel && kindOf(primitive) === 'other';
  return {
    readAt,
    isQuorate: isTrue(attribute(cib, 'have-quorum')),
    version: `${attribute(cib, 'epoch')}.${attribute(cib, 'num_updates')}`,
    placementStrategy: pairsOf(options).get('placement-strategy') ?? 'default',
    vms: placed.filter(({ primitive }) => kindOf(primitive) === 'vm').map(toVmConfiguration),
    otherResources: [
      ...new Set(placed.filter((one) => !one.isTopLevel || isOther(one)).map(({ topLevel }) => topLevel)),
    ],
    constraints: constraintsIn(configuration),
    fencingDevices: placed.filter(({ primitive }) => kindOf(primitive) === 'fencing').map(toFencingDevice),
    marks: options
      .flatMap((set) => descendantsOf(set, 'nvpair'))
      .map((pair) => ({ name: attribute(pair, 'name'), value: attribute(pair, 'value') }))
      .filter(({ name }) => /^rackside-(?:lease|slot|unit)-/u.test(name)),
  };
}

/** A primitive with its template's parts, and what it is inside of. */
interface Placed {
  readonly primitive: XmlElement;
  readonly topLevel: string;
  readonly isTopLevel: boolean;
  readonly isInGroup: boolean;
  readonly isInClone: boolean;
}

function placesIn(
  element: XmlElement,
  primitives: ReadonlyMap<string, XmlElement>,
  around: { readonly topLevel: string | null; readonly isInGroup?: boolean; readonly isInClone?: boolean },
): readonly Placed[] {
  const id = attribute(element, 'id');
  const { topLevel, isInGroup = false, isInClone = false } = around;
  if (element.name === 'primitive') {
    const primitive = primitives.get(id) ?? element;
    return [{ primitive, topLevel: topLevel ?? id, isTopLevel: topLevel === null, isInGroup, isInClone }];
  }
  const inside = {
    topLevel: topLevel ?? id,
    isInGroup: isInGroup || element.name === 'group',
    // `master` is the promotable clone of old configurations; a bundle has replicas as a clone has instances.
    isInClone: isInClone || ['clone', 'master', 'bundle'].includes(element.name),
  };
  return ['group', 'clone', 'master', 'bundle'].includes(element.name)
    ? element.children.flatMap((child) => placesIn(child, primitives, inside))
    : [];
}

function kindOf(primitive: XmlElement): 'vm' | 'fencing' | 'connection' | 'other' {
  if (attribute(primitive, 'class') === 'stonith') return 'fencing';
  const type = attribute(primitive, 'type');
  if (type === 'VirtualDomain') return 'vm';
  return type === 'remote' && attribute(primitive, 'provider') === 'pacemaker' ? 'connection' : 'other';
}

function toVmConfiguration({ primitive, topLevel, isInGroup, isInClone }: Placed): VmConfiguration {
  const { resource, domain, memoryMib } = toVm(primitive);
  const sets = childrenOf(primitive, 'meta_attributes');
  const care = sets.find((set) => attribute(set, 'id') === careSetId(resource));
  const caredForUntil = care === undefined ? null : endOf(care);
  // A care set that has no end is none of a move's: it is told as what it does, so that nobody waits for it to expire.
  const others = caredForUntil === null ? sets : sets.filter((set) => set !== care);
  return {
    resource,
    topLevel,
    isInGroup,
    isInClone,
    domain,
    memoryMib,
    allowMigrate: valueIn(sets, 'allow-migrate', (value) => !isTrue(value)),
    isManaged: valueIn(others, 'is-managed', (value) => !isTrue(value)),
    targetRole: valueIn(sets, 'target-role', (value) => value !== 'Started'),
    caredForUntil,
  };
}

/** When the rule of a care set stops to hold (`<date_expression operation="lt" end="…Z"/>`), UTC ms. */
function endOf(set: XmlElement): number | null {
  const date = descendantsOf(set, 'date_expression').find((one) => attribute(one, 'operation') === 'lt');
  return parseClusterTime(attribute(date, 'end'));
}

function toFencingDevice({ primitive }: Placed): FencingDevice {
  const parameters = pairsOf(childrenOf(primitive, 'instance_attributes'));
  const list = parameters.get('pcmk_host_list')?.split(/[\s,;]+/u) ?? [];
  // `node1:1;node2:2,3`: who is in the map is in the list too.
  const map = parameters.get('pcmk_host_map')?.split(/[\s;]+/u) ?? [];
  const hosts = [...list, ...map.map((entry) => entry.split(/[:=]/u)[0] ?? '')].filter((name) => name !== '');
  return {
    resource: attribute(primitive, 'id'),
    agent: attribute(primitive, 'type'),
    hostList: hosts.length === 0 ? null : [...new Set(hosts)],
    hostCheck: parameters.get('pcmk_host_check') ?? null,
  };
}
