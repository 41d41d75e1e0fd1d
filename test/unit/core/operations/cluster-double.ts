import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { memberId, nodeId, regionId } from '#shared/model/ids.ts';
import type { NodeRow } from '#shared/model/node.ts';
import type { RegionView } from '#shared/model/region.ts';
import { fail } from '#shared/problems.ts';
import { decodeRecords } from '../../../../electron/core/cluster/pacemaker/read/records.ts';
import type { RegionAccess } from '../../../../electron/core/region/region-access.ts';
import { frameSections } from '../../../../electron/core/ssh/sections.ts';
import type { CommandResult, RemoteCommand } from '../../../../electron/core/ssh/transport.ts';

/** How one command fares on the wire: `lost-before` it never arrives, `lost-after` its answer is lost. */
export type Fate = 'arrives' | 'lost-before' | 'lost-after';
export type Wire = (laptop: string) => Promise<Fate>;

/** The marks and records of a cluster, changed as `cibadmin` changes them: each write is one transaction that carries its own conditions. */
export interface ClusterDouble {
  readonly marks: Map<string, string>;
  isQuorate: boolean;
  /** What a laptop's region says besides: why it is read-only, its brake, which node is frozen, and whose status a look has not settled yet. */
  region: Pick<RegionView, 'readOnlyBecause' | 'brake'> & {
    readonly frozen: Readonly<Record<string, string>>;
    readonly unsettled?: ReadonlySet<string>;
  };
  wire: Wire;
  /** Writes that took effect: what a person could see in the CIB's history. */
  readonly written: string[];
  /** What a laptop sees of this cluster; `onAnswer` listeners are told after its own reads. */
  access(laptop: string, now: () => number): RegionAccess;
}

export const nodes = ['c1', 'c2', 'c3'] as const;

export function clusterDouble(): ClusterDouble {
  const marks = new Map<string, string>();
  const cluster: ClusterDouble = {
    marks,
    isQuorate: true,
    region: { readOnlyBecause: null, brake: null, frozen: {} },
    wire: async () => 'arrives',
    written: [],
    access: (laptop, now) => accessOf(cluster, laptop, now),
  };
  return cluster;
}

/** Everything that an XPath of ours asks of the marks; an XPath of another form is the test's mistake. */
function holds(cluster: ClusterDouble, xpath: string): boolean {
  let rest = xpath;
  const take = (pattern: RegExp, judge: (...groups: string[]) => boolean): boolean => {
    let isSo = true;
    rest = rest.replaceAll(pattern, (_whole, ...groups: unknown[]) => {
      isSo &&= judge(...groups.filter((group) => typeof group === 'string'));
      return '';
    });
    return isSo;
  };
  const valueOf = (id: string) => cluster.marks.get(id);
  const answers = [
    take(/\/cib\[@have-quorum="1"\]/gu, () => cluster.isQuorate),
    take(/not\(crm_config\/cluster_property_set\[@id="([^"]+)"\]\)/gu, (id) => valueOf(id) === undefined),
    take(
      /\/?(?:crm_config)?\/\/nvpair\[@id="([^"]+)-v" and starts-with\(@value,"([^"]+)"\)\]/gu,
      (id, start) => valueOf(id)?.startsWith(start) === true,
    ),
    take(
      /\/?(?:crm_config)?\/\/nvpair\[@id="([^"]+)-v" and @value="([^"]+)"\]/gu,
      (id, value) => valueOf(id) === value,
    ),
    take(/\/?(?:crm_config)?\/\/nvpair\[@id="([^"]+)-v"\]/gu, (id) => valueOf(id) !== undefined),
    take(
      /cluster_property_set\[@id="([^"]+)" and nvpair\[starts-with\(@value,"([^"]+)"\)\]\]/gu,
      (id, start) => valueOf(id)?.startsWith(start) === true,
    ),
    take(/cluster_property_set\[@id="([^"]+)"\]/gu, (id) => valueOf(id) !== undefined),
  ];
  const left = rest.replaceAll(/and|\/?cib|configuration|crm_config|[[\]/\s]/gu, '');
  if (left !== '') throw new Error(`The double does not understand ${left} of ${xpath}`);
  return answers.every(Boolean);
}

function write(cluster: ClusterDouble, verb: string, target: string, xml: string): number {
  if (verb === 'read') return 0;
  if (!holds(cluster, target)) return verb === 'delete' || verb === 'release' ? 0 : 105;
  if (verb === 'delete' || verb === 'release') {
    // Below `configuration` the deleted element is named last.
    const id = [...target.matchAll(/cluster_property_set\[@id="([^"]+)"/gu)].at(-1)?.[1];
    if (id === undefined) throw new Error(`Nothing to delete in ${target}`);
    cluster.marks.delete(id);
    cluster.written.push(`- ${id}`);
    return 0;
  }
  for (const [, id = '', value = ''] of xml.matchAll(/<nvpair id="([^"]+)-v" name="[^"]+" value="([^"]*)"/gu)) {
    cluster.marks.set(id, value);
    cluster.written.push(`+ ${id}`);
  }
  return 0;
}

/** Runs one of the two scripts that write: that of leases and that of guarded writes. */
function execute(cluster: ClusterDouble, { args = [] }: RemoteCommand): CommandResult {
  const [nonce = '', verb = '', target = '', xml = '', ...looks] = args;
  const there = (path: string | undefined) => (path === undefined || path === '' || holds(cluster, path) ? 0 : 105);
  const status = write(cluster, verb, target, xml);
  const quorum = { name: 'quorum', text: '', status: cluster.isQuorate ? 0 : 105 };
  const { stdout, stderr, exitStatus } = frameSections(
    looks.length === 1
      ? [{ name: 'write', text: '', status }, markSection(cluster, looks[0]!), quorum]
      : [
          { name: 'before', text: '1.00', status: 0 },
          { name: 'write', text: '', status },
          { name: 'after', text: '1.10', status: 0 },
          ...['guard', 'gone', 'exists', 'required'].map((name, index) => ({
            name,
            text: '',
            status: there(looks[index]),
          })),
          quorum,
        ],
    nonce,
  );
  return { stdout, stderr, exitStatus } as CommandResult;
}

function markSection(cluster: ClusterDouble, path: string) {
  const id = /@id="([^"]+)-v"/u.exec(path)?.[1] ?? '';
  const value = cluster.marks.get(id);
  const text = value === undefined ? '' : `<nvpair id="${id}-v" name="${id}" value="${value}"/>\n`;
  return { name: 'mark', text, status: value === undefined ? 105 : 0 };
}

function accessOf(cluster: ClusterDouble, laptop: string, now: () => number): RegionAccess {
  let answer: ClusterAnswer | undefined;
  const listeners = new Set<(seen: ClusterAnswer) => void>();
  const lost = (what: string) =>
    fail({ code: 'connection-lost', message: `${laptop} lost ${what}.`, advice: 'It is tried again.' });
  const travel = async <T>(work: () => T): Promise<T> => {
    const fate = await cluster.wire(laptop);
    if (fate === 'lost-before') return lost('its way');
    const result = work();
    return fate === 'lost-after' ? lost('the answer') : result;
  };
  const operations = () => answer?.records.operations ?? [];
  const rows = () =>
    nodes.map((name) => {
      const operation = operations().find(({ node }) => node === name) ?? null;
      // docs/status.md, line 14: a node with a recorded maintenance is Entering maintenance.
      const status = operation === null ? 'active' : 'entering-maintenance';
      const frozenBecause = cluster.region.frozen[name] ?? null;
      const row = {
        id: memberId(name),
        name,
        status: { status, unknownSince: cluster.region.unsettled?.has(name) === true ? now() : null, reason: '' },
        operation,
        frozenBecause,
      };
      return row as unknown as NodeRow;
    });
  return {
    profile: { id: regionId('region'), name: 'Lab' },
    view: () => ({
      ...cluster.region,
      name: 'Lab',
      connection: { kind: 'live' },
      quorum: { isQuorate: cluster.isQuorate },
      maxOutOfService: answer?.records.maxOutOfService ?? 1,
    }),
    rows,
    nodes: () => [],
    node: (id: string) => ({ name: nodes.find((name) => memberId(name) === id) }),
    row: (id: string) => rows().find((row) => row.id === nodeId(id)),
    answer: () => answer,
    async readFresh() {
      const read = await travel(() => {
        if (!cluster.isQuorate) fail({ code: 'no-quorum', message: 'No quorum.', advice: 'Wait.' });
        const raw = [...cluster.marks].map(([name, value]) => ({ node: null, name, value }));
        return { via: 'c1', readAt: now(), records: decodeRecords(raw) } as unknown as ClusterAnswer;
      });
      answer = read;
      for (const listener of listeners) listener(read);
      return read;
    },
    onControl: async (command: RemoteCommand) => ({ ...(await travel(() => execute(cluster, command))), host: 'c1' }),
    noteOwnWrite: () => {},
    onAnswer(listener: (seen: ClusterAnswer) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  } as unknown as RegionAccess;
}
