import type { DataPool, Domain, NodeLink, ServiceState } from '#shared/model/hardware.ts';
import type { SlowReadings } from '#shared/model/node.ts';
import { mapReading, unknown, valueOf, type Reading } from '#shared/model/reading.ts';
import type { HostFacts } from '../lifecycle/facts.ts';

/**
 * What rows and statuses need of a node's slow facts: a sixth of their size, and as rarely changed. It is made once for each change
 * of them and cached beside them, so that neither a start nor a sample of the fast values looks through thirty domains and sixty
 * PCI devices.
 */
export interface SlowSummary {
  readonly machineId: Reading<string>;
  readonly installedBytes: Reading<number>;
  readonly physicalLinks: Reading<readonly Pick<NodeLink, 'name' | 'speedMbps'>[]>;
  readonly storageBytes: Reading<number>;
  readonly domains: Reading<readonly Pick<Domain, 'name' | 'state' | 'memoryBytes'>[]>;
  /** Names of the domains that hold a device of their machine, of the list that was read last. */
  readonly passthrough: readonly string[];
  readonly pools: Reading<readonly Pick<DataPool, 'name' | 'state' | 'detail'>[]>;
  readonly libvirt: HostFacts['libvirt'];
  /** Whether the services of either role run; which role the node has is the cluster's word. */
  readonly clusterServices: Reading<{ readonly control: boolean; readonly worker: boolean }>;
  readonly carrier: Reading<boolean>;
  /** Serials and MACs, lower case. */
  readonly searchTerms: readonly string[];
}

const summaries = new WeakMap<SlowReadings, SlowSummary>();

/** The summary of these facts, made at the first time it is asked for. */
export function summaryOf(slow: SlowReadings): SlowSummary {
  const known = summaries.get(slow);
  if (known !== undefined) return known;
  const summary = summarise(slow);
  summaries.set(slow, summary);
  return summary;
}

/**
 * Slow facts of which only the summary is there: the facts themselves are loaded when one of them is asked for. The keys are own
 * properties, so that a copy (`{ ...slow, links }`) holds what they give.
 */
export function slowReadingsLater(summary: SlowSummary, load: () => SlowReadings): SlowReadings {
  let loaded: SlowReadings | undefined;
  const all = (): SlowReadings => (loaded ??= load());
  const slow: SlowReadings = {
    get system() {
      return all().system;
    },
    get cpu() {
      return all().cpu;
    },
    get memory() {
      return all().memory;
    },
    get links() {
      return all().links;
    },
    get disks() {
      return all().disks;
    },
    get filesystems() {
      return all().filesystems;
    },
    get pciDevices() {
      return all().pciDevices;
    },
    get services() {
      return all().services;
    },
    get domains() {
      return all().domains;
    },
    get pools() {
      return all().pools;
    },
  };
  summaries.set(slow, summary);
  return slow;
}

function summarise(slow: SlowReadings): SlowSummary {
  const { system, memory, links, disks, domains, services, pools } = slow;
  return {
    machineId: mapReading(system, (value) => value.machineId),
    installedBytes: mapReading(memory, (value) => value.installedBytes),
    physicalLinks: mapReading(links, (value) => physical(value).map(({ name, speedMbps }) => ({ name, speedMbps }))),
    storageBytes: mapReading(disks, (value) => value.reduce((sum, disk) => sum + disk.sizeBytes, 0)),
    domains: mapReading(domains, (value) =>
      value.map(({ name, state, memoryBytes }) => ({ name, state, memoryBytes })),
    ),
    passthrough: (valueOf(domains) ?? []).flatMap(({ name, hostDevices }) => (hostDevices.length > 0 ? [name] : [])),
    pools: mapReading(pools, (value) => value.map(({ name, state, detail }) => ({ name, state, detail }))),
    libvirt: libvirtReading(services, domains),
    clusterServices: mapReading(services, (value) => ({
      control: run(value, ['corosync', 'pacemaker']),
      worker: run(value, ['pacemaker_remote']),
    })),
    carrier: mapReading(links, hasCarrierWhereNeeded),
    searchTerms: searchTerms(slow),
  };
}

function physical(links: readonly NodeLink[]): readonly NodeLink[] {
  return links.filter((link) => link.type === 'physical');
}

/** A list of domains is libvirt's own answer; without one, its service tells at least whether it is down. */
function libvirtReading(
  services: Reading<readonly ServiceState[]>,
  domains: Reading<readonly Domain[]>,
): HostFacts['libvirt'] {
  if (domains.kind === 'known' && domains.because === undefined) return mapReading(domains, () => 'answers' as const);
  const state = mapReading(services, libvirtState);
  if (state.kind !== 'known' || state.value !== 'running') {
    return mapReading(state, (value) => (value === 'running' ? 'answers' : value));
  }
  return unknown(domains.kind === 'none' ? 'libvirt was not asked' : (domains.because ?? 'libvirt does not answer'));
}

/** Monolithic libvirtd or modular virtqemud; a socket that waits counts as running, because asking starts it. */
function libvirtState(services: readonly ServiceState[]): 'running' | 'down' | 'not-installed' {
  const daemons = services.filter(({ unit, isInstalled }) => isInstalled && /^(libvirtd|virtqemud)(\.|$)/u.test(unit));
  if (daemons.length === 0) return 'not-installed';
  return daemons.some(({ activeState }) => activeState === 'active') ? 'running' : 'down';
}

/**
 * A link that is meant to carry something: switched on, and with an address or in a bond. Which links are converged is
 * recorded when a candidate joins; until a node has such a record, these are all that can be asked of.
 */
function hasCarrierWhereNeeded(links: readonly NodeLink[]): boolean {
  return physical(links)
    .filter((link) => link.isAdminUp && (link.addresses.length > 0 || link.master !== null))
    .every((link) => link.hasCarrier !== false);
}

function run(services: readonly ServiceState[], wanted: readonly string[]): boolean {
  return wanted.every((name) =>
    services.some(({ unit, activeState }) => unit.replace(/\.service$/u, '') === name && activeState === 'active'),
  );
}

/** What the search box finds besides name, address and tags. */
function searchTerms({ system, disks, links }: SlowReadings): readonly string[] {
  const terms = [
    valueOf(system)?.serial,
    valueOf(system)?.machineId,
    ...(valueOf(disks) ?? []).map((disk) => disk.serial),
    ...(valueOf(links) ?? []).map((link) => link.mac),
  ];
  return terms.flatMap((term) => (term === null || term === undefined || term === '' ? [] : [term.toLowerCase()]));
}
