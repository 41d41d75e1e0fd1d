import type { SimulatedAction, Simulation } from '#shared/model/configuration.ts';
import { runSections, sectionOf, splitSections } from '../../../ssh/sections.ts';
import type { Section, SectionChannel, SectionedOutput } from '../../../ssh/sections.ts';
import type { RemoteCommand } from '../../../ssh/transport.ts';
import { asLoginOrRoot, mostClusterBytes, outputEvidence } from './ask-cluster.ts';
import type { Asked } from './ask-cluster.ts';
import { simulateCommand } from './simulate-command.ts';
import type { SimulationRequest } from './simulate-command.ts';
import { attribute, childOf, childrenOf, isTrue, parseXml } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** What was simulated, and on which state of the cluster. */
export interface Simulations {
  /** `epoch.num_updates` of the CIB that was copied, as `ClusterConfiguration` has it. */
  readonly version: string;
  readonly isQuorate: boolean;
  /** By the request's name. */
  readonly byName: ReadonlyMap<string, Simulation>;
}

/**
 * Asks the cluster's own scheduler what it would do after some edits, on copies: several simulations in one round trip. A simulation that
 * fails is unknown with its reason, and the others stand.
 *
 * @throws ProblemError `cluster-not-running`, `output-not-understood`, and whatever the channel throws.
 */
export function simulate(
  channel: SectionChannel,
  requests: readonly SimulationRequest[],
  { deadlineMs, signal }: { readonly deadlineMs: number; readonly signal?: AbortSignal },
): Promise<Simulations> {
  const options = { deadlineMs, maxOutputBytes: mostClusterBytes, ...(signal === undefined ? {} : { signal }) };
  return asLoginOrRoot(async (privilege) =>
    understandSimulations(
      await runSections(channel, simulateCommand(requests, privilege), options),
      requests,
      privilege,
    ),
  );
}

/** What a run of the command means. Pure: the same bytes give the same answer. */
export function understandSimulations(
  output: SectionedOutput,
  requests: readonly SimulationRequest[],
  privilege: RemoteCommand['privilege'],
): Asked<Simulations> {
  const split = splitSections(output);
  if (split.kind === 'unknown') return notUnderstood(output, split.because);
  const cib = sectionOf(split.value, 'cib');
  const said = cib.error.split('\n')[0] ?? '';
  // cibadmin says the same of a login without rights and of a cluster that is stopped: root tells which.
  if (cib.status === 102 && privilege === 'none') return { kind: 'no-privilege', because: said };
  if (cib.status === 102) {
    return {
      kind: 'problem',
      problem: {
        code: 'cluster-not-running',
        message: `The cluster's scheduler could not be asked: ${said}.`,
        advice: 'Ask another control node, or start Pacemaker there (systemctl start pacemaker).',
        evidence: outputEvidence(output, shown),
      },
    };
  }
  // Only the root's tag was printed: closed at once, it is a document of its own.
  const root = parseXml(cib.text.trim().replace(/\/?>$/u, '/>'));
  if (cib.status !== 0 || root?.name !== 'cib') return notUnderstood(output, said || 'cibadmin printed no CIB');
  return {
    kind: 'answer',
    answer: {
      version: `${attribute(root, 'epoch')}.${attribute(root, 'num_updates')}`,
      isQuorate: isTrue(attribute(root, 'have-quorum')),
      byName: new Map(
        requests.map(({ name }, index) => [name, parseSimulation(sectionOf(split.value, String(index + 1)))]),
      ),
    },
  };
}

const shown = 'cibadmin -Q >f; crm_simulate -x f -S -Q --output-as=xml';

function notUnderstood(output: SectionedOutput, because: string): Asked<never> {
  return {
    kind: 'problem',
    problem: {
      code: 'output-not-understood',
      message: `The cluster's scheduler could not be asked: ${because}.`,
      advice: 'Try again. If it stays so, look whether “crm_simulate -L -S” answers on a control node.',
      evidence: outputEvidence(output, shown),
    },
  };
}

/** Parses one `crm_simulate -S -Q --output-as=xml`. Whatever is not a whole answer of success is unknown, never "no action". */
export function parseSimulation({ text, error, status }: Section): Simulation {
  const root = parseXml(text);
  const actions = childOf(root, 'actions');
  const result = childOf(root, 'status');
  if (status !== 0 || actions === undefined || attribute(result, 'code') !== '0') {
    const said = error.split('\n')[0] || attribute(result, 'message') || 'its answer was not understood';
    return { kind: 'unknown', because: `the cluster's scheduler did not simulate it: ${said}` };
  }
  return {
    kind: 'simulated',
    actions: childrenOf(actions, 'rsc_action').map(toAction),
    fenced: childrenOf(actions, 'node_action')
      .filter((action) => /^fence\b/iu.test(attribute(action, 'task')))
      .map((action) => attribute(action, 'node')),
  };
}

const known = ['migrate', 'move', 'start', 'stop', 'restart', 'recover', 'promote', 'demote'] as const;

/** Where something starts or stops, `node` says where; where it changes place, `source` and `dest`. */
function toAction(action: XmlElement): SimulatedAction {
  const name = attribute(action, 'action');
  const kind = known.find((one) => one === name) ?? 'other';
  const node = attribute(action, 'node');
  const at = (attributeName: string, isNode: boolean) =>
    attribute(action, attributeName) || (isNode ? node : '') || null;
  const isBlocked = isTrue(attribute(action, 'blocked'));
  const reason = attribute(action, 'reason');
  return {
    action: kind,
    resource: attribute(action, 'resource'),
    source: at('source', kind !== 'start'),
    target: at('dest', kind !== 'stop'),
    reason: [kind === 'other' ? name : '', reason, isBlocked ? 'blocked' : '']
      .filter((words) => words !== '')
      .join(', '),
  };
}
