import { memberId } from '#shared/model/ids.ts';
import type { RegionView } from '#shared/model/region.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { emptyNodeRecord, type ClusterAnswer } from '#shared/model/cluster.ts';
import type { NodeId } from '#shared/model/ids.ts';
import { fail } from '#shared/problems.ts';
import { decodeRecords, type RawRecord } from '../../../../electron/core/cluster/pacemaker/read/records.ts';
import type { SmallChanges } from '../../../../electron/core/operations/names-and-tags.ts';
import type { RegionAccess } from '../../../../electron/core/region/region-access.ts';
import { frameSections } from '../../../../electron/core/ssh/sections.ts';
import type { CommandResult, RemoteCommand } from '../../../../electron/core/ssh/transport.ts';
import { frankfurt, liveView } from '../../../e2e/helpers/region.ts';
import { row } from '../../../e2e/helpers/rows.ts';
import { answerOf } from '../cluster/capture.ts';

const captured = answerOf('healthy/lab-c1');
export const now = captured.readAt;

/** The records of a cluster of the captured members. Each write is one transaction that carries its own conditions, as cibadmin's is. */
export interface RecordsDouble {
  /** Records by `NODE/NAME`, those of the region by `/NAME`; what stands there, undecoded. */
  readonly records: Map<string, string>;
  /** XML of the writes that took effect. */
  readonly written: string[];
  isQuorate: boolean;
  /** Members that were removed meanwhile. */
  readonly gone: Set<string>;
  /** Before a write arrives: holds one laptop up while another goes on, or loses its way. */
  beforeWrite: () => Promise<void>;
  /** The answer of the next write is lost on its way back. */
  losesAnswer: boolean;
  /** What a laptop changes things with; `done` is what it logs. */
  laptop(change?: Partial<RegionView>): SmallChanges & { readonly done: string[]; isLifted: boolean };
}

const attribute =
  /nodes\/node\[@id="([^"]+)"\]\/instance_attributes\/nvpair\[@name="([^"]+)"(?: and @value="([^"]*)")?\]/gu;
const ofOthers =
  /nodes\/node\[not\(@id="([^"]+)"\)\]\/instance_attributes\/nvpair\[@name="([^"]+)" and @value="([^"]*)"\]/gu;
const member =
  /nodes\/node\[@id="([^"]+)" and @uname="([^"]+)"\]|resources\/\/primitive\[@id="([^"]+)" and @type="remote"\]/gu;
const ofRegion = /crm_config\/cluster_property_set\[@id="([^"]+)"(?: and nvpair\[@value="([^"]*)"\])?\]/gu;

const nameOf = (id: string): string => captured.members.find((one) => one.id === id)?.name ?? id;

/** `true and false`, `true or false`: what is left of a condition once its paths are looked at. */
function isSo(condition: string): boolean {
  const atoms = condition.split(/ and | or /u);
  if (atoms.some((atom) => atom !== 'true' && atom !== 'false'))
    throw new Error(`The double does not know ${condition}`);
  return condition.includes(' or ') ? atoms.includes('true') : !atoms.includes('false');
}

/** Whether all predicates of a write's XPath hold. Any other form than ours is the test's mistake. */
function holds(cluster: RecordsDouble, xpath: string): boolean {
  const is = (key: string, value: string | undefined): string => {
    const stands = cluster.records.get(key);
    return String(stands !== undefined && (value === undefined || stands === value));
  };
  const hasOther = (id: string, name: string, value: string): boolean =>
    [...cluster.records].some(
      ([key, stands]) => key.endsWith(`/${name}`) && key !== `${nameOf(id)}/${name}` && stands === value,
    );
  const judged = xpath
    .replaceAll(ofOthers, (_all, id: string, name: string, value: string) => String(hasOther(id, name, value)))
    .replace('/cib[@have-quorum="1"]/configuration', `[${String(cluster.isQuorate)}]`)
    .replaceAll(attribute, (_all, id: string, name: string, value?: string) => is(`${nameOf(id)}/${name}`, value))
    .replaceAll(member, (_all, id?: string, _uname?: string, worker?: string) =>
      String(!cluster.gone.has(nameOf(id ?? worker ?? ''))),
    )
    .replaceAll(ofRegion, (_all, name: string, value?: string) => is(`/${name}`, value));
  return [...judged.matchAll(/\[([^\]]*)\]/gu)].every(([, predicate = '']) => {
    const inner = /^not\((.*)\)$/u.exec(predicate)?.[1];
    return isSo(inner ?? predicate) === (inner === undefined);
  });
}

function apply(cluster: RecordsDouble, xml: string): void {
  for (const [, id = '', inner = ''] of xml.matchAll(/<node id="([^"]+)"[^>]*>(.*?)<\/node>/gu))
    for (const [, name = '', value = ''] of inner.matchAll(/<nvpair id="[^"]+" name="([^"]+)" value="([^"]*)"/gu))
      cluster.records.set(`${nameOf(id)}/${name}`, value);
  const [, region = ''] = /<crm_config>(.*)<\/crm_config>/u.exec(xml) ?? [];
  for (const [, name = '', value = ''] of region.matchAll(/<nvpair id="[^"]+" name="([^"]+)" value="([^"]*)"/gu))
    cluster.records.set(`/${name}`, value);
  cluster.written.push(xml);
}

function execute(cluster: RecordsDouble, { args = [] }: RemoteCommand): CommandResult {
  const [nonce = '', verb = '', target = '', xml = '', guard = '', gone = '', exists = '', required = ''] = args;
  if (verb !== 'modify' || gone !== '') throw new Error(`Small changes only merge, this is ${verb}.`);
  const matches = holds(cluster, target);
  if (matches) apply(cluster, xml);
  // Several paths joined by words are no set of nodes: cibadmin finds nothing by them, unless they are a predicate.
  const look = (path: string): number => {
    if (path === '') return 0;
    if (!path.startsWith('/cib/configuration[')) return 105;
    return holds(cluster, path.replace('/cib/configuration', '')) ? 0 : 105;
  };
  const status = (is: boolean): number => (is ? 0 : 105);
  const sections = [
    { name: 'before', text: '1.00', status: 0 },
    { name: 'write', text: '', status: status(matches) },
    { name: 'after', text: '1.10', status: 0 },
    { name: 'guard', text: '', status: status(holds(cluster, guard)) },
    { name: 'quorum', text: '', status: status(cluster.isQuorate) },
    { name: 'gone', text: '', status: 0 },
    { name: 'exists', text: '', status: look(exists) },
    { name: 'required', text: '', status: look(required) },
  ];
  const { stdout, stderr, exitStatus } = frameSections(sections, nonce);
  return { stdout, stderr, exitStatus } as CommandResult;
}

export function recordsDouble(): RecordsDouble {
  const cluster: RecordsDouble = {
    records: new Map(),
    written: [],
    isQuorate: true,
    gone: new Set(),
    beforeWrite: () => Promise.resolve(),
    losesAnswer: false,
    laptop(change = {}) {
      const done: string[] = [];
      const region = accessOf(cluster, change, () => {
        changes.isLifted = true;
      });
      const changes = {
        region,
        now: () => now,
        onDone: (words: string) => void done.push(words),
        done,
        isLifted: false,
      };
      return changes;
    },
  };
  return cluster;
}

function accessOf(cluster: RecordsDouble, change: Partial<RegionView>, liftBrake: () => void): RegionAccess {
  const read = (): ClusterAnswer => {
    const raw = [...cluster.records].map(([key, value]): RawRecord => {
      const [node = '', name = ''] = key.split('/');
      return { node: node === '' ? null : node, name, value };
    });
    const members = captured.members.filter(({ name }) => !cluster.gone.has(name));
    return { ...captured, members, records: decodeRecords(raw) };
  };
  let answer = read();
  const rowOf = (name: string): NodeRow => {
    const record = answer.records.nodes[name] ?? emptyNodeRecord;
    const { displayName, tags } = record;
    return {
      ...row({ name, role: 'control' }, now),
      id: memberId(name),
      hostname: name,
      name: displayName ?? name,
      tags,
    };
  };
  const rows = () => captured.members.map(({ name }) => rowOf(name));
  const find = (id: NodeId) => captured.members.find(({ name }) => memberId(name) === id)?.name ?? '';
  return {
    profile: frankfurt,
    view: () => ({ ...liveView(frankfurt, now), ...change }),
    rows,
    row: (id: NodeId) => rowOf(find(id)),
    node: (id: NodeId) => ({ id, name: find(id) }),
    nodes: () => captured.members.map(({ name }) => ({ id: memberId(name), name })),
    answer: () => answer,
    readFresh: () => {
      answer = read();
      return Promise.resolve(answer);
    },
    onControl: async (command: RemoteCommand) => {
      await cluster.beforeWrite();
      const result = execute(cluster, command);
      if (cluster.losesAnswer)
        fail({ code: 'connection-lost', message: 'The way back was lost.', advice: 'It is tried again.' });
      return { ...result, host: 'lab-c1' };
    },
    noteOwnWrite: () => {},
    liftBrake,
  } as unknown as RegionAccess;
}
