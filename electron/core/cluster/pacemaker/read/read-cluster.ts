import type { ClusterAnswer, QuorumView } from '#shared/model/cluster.ts';
import type { Problem } from '#shared/problems.ts';
import type { KnownTexts } from '../../../ssh/known-texts.ts';
import { runSections, splitSections, type SectionedOutput } from '../../../ssh/sections.ts';
import type { ShellChannel } from '../../../ssh/transport.ts';
import { asLoginOrRoot, mostClusterBytes, outputEvidence } from './ask-cluster.ts';
import type { Asked } from './ask-cluster.ts';
import { parseCib } from './cib.ts';
import { parseCorosyncConf } from './corosync-conf.ts';
import { parseCrmMon } from './crm-mon.ts';
import type { CrmMonStatus } from './crm-mon.ts';
import { parseQuorumtool } from './quorumtool.ts';
import { clusterReadCommand, knownClusterTexts, shownReadCommand } from './read-command.ts';
import { decodeRecords } from './records.ts';

export interface ReadClusterOptions {
  /** For the whole read. crm_mon may block for about 8 s while corosync re-forms its ring. */
  readonly deadlineMs: number;
  /** UTC ms, this laptop's clock. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
}

/**
 * Asks the cluster through one of its control nodes. A login without the cluster's group is tried again as root.
 *
 * A partition without quorum answers like any other: whether an answer is to be believed is the caller's question (`isBelievable`).
 *
 * @throws ProblemError `no-cluster-software` (crm_mon is not installed), `cluster-not-running`, `output-not-understood` (with the
 *   output), and whatever the channel throws: deadline, lost connection, sudo.
 */
export async function readCluster(channel: ShellChannel, options: ReadClusterOptions): Promise<ClusterAnswer> {
  return asLoginOrRoot((privilege) => ask(channel, privilege, options));
}

async function ask(
  channel: ShellChannel,
  privilege: 'none' | 'root',
  { deadlineMs, now, signal }: ReadClusterOptions,
): Promise<Asked<ClusterAnswer>> {
  const known = knownOn.get(channel) ?? knownClusterTexts();
  knownOn.set(channel, known);
  const output = await runSections(channel, clusterReadCommand(privilege, known), {
    deadlineMs,
    maxOutputBytes: mostClusterBytes,
    ...(signal === undefined ? {} : { signal }),
  });
  const asked = understand(output, now(), known);
  // What was not understood comes whole again: its text is the evidence.
  if (asked.kind !== 'answer') known.forget();
  return asked;
}

/** What each channel's machine said last. */
const knownOn = new WeakMap<ShellChannel, KnownTexts>();

/**
 * From one read to the next a cluster says the same, but for the time at which it says it: what was parsed last is kept, so that a
 * region of two hundred nodes does not parse five megabytes every five seconds.
 */
const crmMonOf = lastParsed(parseCrmMon);
const cibOf = lastParsed((cib: string, corosync: string) => parseCib(cib, parseCorosyncConf(corosync)));

/** crm_mon's XML without when it was printed, which is no part of what is parsed. */
function withoutTimeOfRead(xml: string): string {
  return xml.replace(/( last_updated=)"[^"]*"/u, '$1""').replace(/(<last_update time=)"[^"]*"/u, '$1""');
}

/** The same results for the same texts, of the last few regions that were read. */
function lastParsed<Texts extends readonly string[], T>(parse: (...texts: Texts) => T): (...texts: Texts) => T {
  const kept: { readonly texts: Texts; readonly result: T }[] = [];
  return (...texts) => {
    const at = kept.findIndex((one) => one.texts.every((text, index) => text === texts[index]));
    const entry = kept.splice(at < 0 ? kept.length : at, 1)[0] ?? { texts, result: parse(...texts) };
    kept.unshift(entry);
    kept.length = Math.min(kept.length, 3);
    return entry.result;
  };
}

/**
 * What a run of the read command means; the same bytes give the same answer.
 *
 * @param known completes what the command left out, and learns what it said.
 */
export function understand(output: SectionedOutput, readAt: number, known = knownClusterTexts()): Asked<ClusterAnswer> {
  const split = splitSections(output);
  if (split.kind === 'unknown') {
    return problem({
      code: 'output-not-understood',
      message: `The cluster could not be read: ${split.because}.`,
      advice: 'Try again. If it stays so, look whether a command can be run on the node at all.',
      evidence: outputEvidence(output, shownReadCommand),
    });
  }
  const sections = known.complete(split.value);
  const textOf = (name: string) => sections.get(name)?.text ?? '';
  const host = textOf('uname').trim() || 'the node';
  if (sections.get('crm_mon')?.status === 127) {
    return problem({
      code: 'no-cluster-software',
      message: `${host} has no Pacemaker: crm_mon is not installed there.`,
      advice: 'Open the region through one of its control nodes, or add this server as a candidate.',
    });
  }
  const status = crmMonOf(withoutTimeOfRead(textOf('crm_mon')));
  if (status.kind === 'not-running') {
    return problem({
      code: 'cluster-not-running',
      message: `No cluster runs on ${host}: ${status.because}.`,
      advice: 'Open the region through another control node, or start Pacemaker there (systemctl start pacemaker).',
      evidence: outputEvidence(output, shownReadCommand),
    });
  }
  if (status.kind === 'no-privilege') return { kind: 'no-privilege', because: status.because };
  const cib = cibOf(textOf('cib'), textOf('corosync'));
  if (status.kind === 'not-understood' || cib === undefined) {
    const what = status.kind === 'not-understood' ? 'crm_mon' : 'cibadmin';
    return problem({
      code: 'output-not-understood',
      message: `The answer of ${what} on ${host} is not the XML of a Pacemaker that Rackside knows.`,
      advice: 'Try again. If it stays so, send the output below with the versions of the region.',
      evidence: outputEvidence(output, shownReadCommand),
    });
  }
  const { kind: _, hasQuorum, ...told } = status;
  const { records, ...facts } = cib;
  return {
    kind: 'answer',
    answer: {
      via: host,
      readAt,
      ...told,
      ...facts,
      quorum: quorumOf(status, parseQuorumtool(textOf('quorum')), hasQuorum),
      records: decodeRecords(records),
    },
  };
}

/**
 * Corosync loses quorum before Pacemaker has noticed, and Pacemaker may still have to learn that it was regained: only what neither
 * of them denies is quorate. While no DC is elected crm_mon tells nothing, and without corosync's word nothing is quorate then.
 */
function quorumOf(status: CrmMonStatus, corosync: QuorumView | undefined, hasQuorum: boolean | null): QuorumView {
  const figures = corosync ?? { votes: null, expectedVotes: null, neededVotes: null, flags: [] };
  return {
    ...figures,
    isQuorate: (corosync?.isQuorate ?? status.dc !== null) && (hasQuorum ?? corosync !== undefined),
  };
}

function problem(value: Problem): Asked<ClusterAnswer> {
  return { kind: 'problem', problem: value };
}
