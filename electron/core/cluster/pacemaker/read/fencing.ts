import { runSections, section, sectionOf, sectionScript, splitSections } from '../../../ssh/sections.ts';
import type { Section, SectionChannel, SectionedOutput } from '../../../ssh/sections.ts';
import type { RemoteCommand } from '../../../ssh/transport.ts';
import { asLoginOrRoot, mostClusterBytes, outputEvidence } from './ask-cluster.ts';
import type { Asked } from './ask-cluster.ts';
import { parseCrmMon } from './crm-mon.ts';
import { attribute, childOf, childrenOf, descendantsOf, parseXml } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** One fencing device of the cluster, and what is known of it for one node. */
export interface FencingTold {
  readonly device: string;
  /** Its recurring monitor: as old as its interval and its timeout at most. `unknown`: it has none, or has not run yet where it is now. */
  readonly monitor: 'ok' | 'failed' | 'unknown';
  /** Whether the fencer would choose it for the node. */
  readonly lists: 'yes' | 'no' | 'unknown';
  /** Why a device is not `ok` and `yes`; empty where it is. Completes "cannot be relied on, because …". */
  readonly because: string;
}

/**
 * Whether a working fencing device lists the node. Two answers in one round trip (70 ms on a control, 0.6 s through a Worker), none of which
 * reaches the device or the node while the fencer's list is younger than a minute. As tried with Pacemaker 2.1.5:
 *
 * | what is the matter | `crm_mon`, the device | `stonith_admin --list NODE` | `--query DEVICE` |
 * |---|---|---|---|
 * | nothing, asked on a control or on a Worker, for a control or a Worker | Started, recurring monitor rc 0 | names it, 45–120 ms | rc 0, 0.1–0.4 s |
 * | unknown node | | count 0, rc 0 | |
 * | the switch does not answer | Started until the monitor comes round, then Starting, then Stopped with `<failure>` and fail-count INFINITY | **names it still**: "Reusing most recent target list"; takes its whole `--timeout` once the list is older than a minute | rc 124; waited 16 s with `--timeout 8`, behind the monitor that was running |
 * | it answers again after that | stays Stopped until `crm_resource --cleanup` | names it (and it would fence) | rc 0 |
 * | only the node's own outlet is dead | Started, rc 0 | names it | rc 0 |
 * | disabled (`target-role=Stopped`) | Stopped, no failure | count 0: it is not registered | |
 *
 * So neither answer is enough alone, and a dead outlet shows at the fencing itself. `--query` and `--list-targets` do ask the device, but the
 * fencer runs what a device is asked one after the other: they would wait in front of a real fencing, and are not used.
 *
 * @throws ProblemError `cluster-not-running`, `output-not-understood`, and whatever the channel throws.
 */
export function readFencing(
  channel: SectionChannel,
  node: string,
  { deadlineMs, signal }: { readonly deadlineMs: number; readonly signal?: AbortSignal },
): Promise<readonly FencingTold[]> {
  const options = { deadlineMs, maxOutputBytes: mostClusterBytes, ...(signal === undefined ? {} : { signal }) };
  return asLoginOrRoot(async (privilege) =>
    understandFencing(await runSections(channel, fencingCommand(node, privilege), options)),
  );
}

/** What the question is asked with. Read-only. */
export function fencingCommand(node: string, privilege: RemoteCommand['privilege']): RemoteCommand {
  return { script, args: [node], privilege };
}

const script = sectionScript([
  'export LC_ALL=C TZ=UTC0 PATH=/usr/sbin:/usr/bin:/sbin:/bin',
  section('crm_mon', 'crm_mon --output-as=xml'),
  // `--list=NAME`, so that no name is taken for an option.
  section('list', 'stonith_admin "--list=$1" --timeout=10 --output-as=xml'),
]);

/** What a run of the command means. Pure: the same bytes give the same answer. */
export function understandFencing(output: SectionedOutput): Asked<readonly FencingTold[]> {
  const split = splitSections(output);
  if (split.kind === 'unknown') return notUnderstood(output, split.because);
  const text = sectionOf(split.value, 'crm_mon').text;
  const status = parseCrmMon(text);
  switch (status.kind) {
    case 'no-privilege':
      return status;
    case 'not-running':
      return {
        kind: 'problem',
        problem: {
          code: 'cluster-not-running',
          message: `The cluster could not be asked for its fencing devices: ${status.because}.`,
          advice: 'Ask another control node, or start Pacemaker there (systemctl start pacemaker).',
          evidence: outputEvidence(output, shown),
        },
      };
    case 'not-understood':
      return notUnderstood(output, 'the answer of crm_mon is not the XML of a Pacemaker that Rackside knows');
    case 'status': {
      const listed = parseListed(sectionOf(split.value, 'list'));
      const history = childOf(parseXml(text), 'node_history');
      const devices = status.resources.filter(({ agent }) => agent.startsWith('stonith:'));
      const ids = [...new Set(devices.map(({ id }) => id))];
      return {
        kind: 'answer',
        answer: ids.map((device) => {
          const of = devices.filter(({ id }) => id === device);
          const failure = status.failures.find(({ resource }) => resource === device);
          const where = new Set(of.flatMap(({ nodes }) => nodes));
          const monitor = monitorOf(of, failure !== undefined, ranWell(history, device, where));
          const lists = listed.kind === 'unknown' ? 'unknown' : listed.value.has(device) ? 'yes' : 'no';
          const why = [
            ...(monitor === 'failed' ? [failure?.exitReason || `its state is ${of[0]?.role ?? 'not known'}`] : []),
            ...(monitor === 'unknown' ? ['no recurring monitor of it has run'] : []),
            ...(lists === 'no' ? ['it does not list the node'] : []),
            ...(listed.kind === 'unknown' ? [listed.because] : []),
          ];
          return { device, monitor, lists, because: why.join('; ') };
        }),
      };
    }
  }
}

const shown = 'crm_mon --output-as=xml; stonith_admin --list NODE';

type Devices = readonly { readonly role: string; readonly isFailed: boolean }[];

/** A device that runs, whatever failed before, is as well as its last monitor; one that does not run is not relied on. */
function monitorOf(instances: Devices, hasFailure: boolean, hasRunWell: boolean): FencingTold['monitor'] {
  const isRunning = instances.some(({ role, isFailed }) => role === 'Started' && !isFailed);
  if (!isRunning) return 'failed';
  if (hasRunWell) return 'ok';
  return hasFailure ? 'failed' : 'unknown';
}

/** Whether its recurring monitor is part of the history of the node that it runs on, with success. */
function ranWell(history: XmlElement | undefined, device: string, nodes: ReadonlySet<string>): boolean {
  return childrenOf(history, 'node')
    .filter((node) => nodes.has(attribute(node, 'name')))
    .flatMap((node) => childrenOf(node, 'resource_history').filter((one) => attribute(one, 'id') === device))
    .flatMap((resource) => childrenOf(resource, 'operation_history'))
    .some(
      (operation) =>
        attribute(operation, 'task') === 'monitor' &&
        Number.parseInt(attribute(operation, 'interval'), 10) > 0 &&
        attribute(operation, 'rc') === '0',
    );
}

/** Devices that the fencer would choose. */
function parseListed({
  text,
  error,
}: Section):
  | { readonly kind: 'value'; readonly value: ReadonlySet<string> }
  | { readonly kind: 'unknown'; readonly because: string } {
  const root = parseXml(text);
  const status = childOf(root, 'status');
  if (attribute(status, 'code') !== '0') {
    const said = descendantsOf(status, 'error').at(-1)?.text ?? attribute(status, 'message');
    return { kind: 'unknown', because: `the fencer did not say whom it lists: ${said || error || 'no answer'}` };
  }
  return { kind: 'value', value: new Set(descendantsOf(root, 'item').map((item) => item.text)) };
}

function notUnderstood(output: SectionedOutput, because: string): Asked<never> {
  return {
    kind: 'problem',
    problem: {
      code: 'output-not-understood',
      message: `The cluster could not be asked for its fencing devices: ${because}.`,
      advice: 'Try again. If it stays so, look whether “crm_mon” answers on a control node.',
      evidence: outputEvidence(output, shown),
    },
  };
}
