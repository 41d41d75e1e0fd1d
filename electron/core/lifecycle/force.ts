import type { ArmedForce, ForceOverride, PlannedVm, PreflightCheck } from '#shared/model/maintenance.ts';
import type { PreflightFacts } from './preflight/facts.ts';
import { failedAttempts } from './fencing.ts';
import { preflight } from './preflight/preflight.ts';
import { proof, sourceOf, sourcePower } from './preflight/source.ts';
import { countWords, listWords, sentence } from './preflight/words.ts';

/** What the force dialog shows, without its timer and the commands. */
export type JudgedForce = Pick<ArmedForce, 'sequence' | 'overrides' | 'neverOverridden' | 'refused'>;

/** What has to be typed where a tick is not enough (R10, R11). */
export const poolStatementOf = (node: string): string => `data on ${node} may be lost`;
export const powerOffStatementOf = (node: string): string => `${node} is powered off`;

/** Checks whose subjects are rows of the plan: each VM has a line and a tick of its own. */
const saidByRows: ReadonlySet<string> = new Set([
  'passthrough-vms',
  'unmanaged-vms',
  'vms-that-restart',
  'memory-on-targets',
]);

/**
 * What Force would override of the checks as they are now (R10). Pure.
 *
 * Sequence (a), `reachable`: the node answers, its libvirt too, so its VMs can be ended there. (b), `unreachable`: it is fenced first, so
 * that nothing of it can run on. Without proof that it is off, that needs the typed statement (R11). A node that answers while its libvirt
 * does not is fenced too: nobody else can end what runs there. No statement makes it off (R13), so where no device can do it, it is refused.
 */
export function forceOf(facts: PreflightFacts): JudgedForce {
  const judged = preflight({ ...facts, choices: { ...facts.choices, movesOnlyWhatCan: false, ticked: [] } });
  const source = sourceOf(facts);
  const libvirt = proof(source.host.libvirt, facts.now);
  const answers = libvirt.kind === 'proven' && libvirt.value === 'answers';
  const isHeard = source.host.reachability.kind === 'reachable';
  const sequence = isHeard && answers ? 'reachable' : 'unreachable';
  const held = judged.checks.filter(({ state }) => state === 'blocker' || state === 'unknown');
  const pools = judged.checks.find(({ code, state }) => code === 'data-pools' && state !== 'pass');
  const overridden = held.filter(({ force }) => force === 'overrides');
  const never = held.filter((check) => check.force === 'no' && !isGivenUp(check, sequence));
  const isOff = sourcePower(facts, source) === 'off';
  const overrides: readonly ForceOverride[] = [
    ...judged.vms.flatMap((vm) => overrideOfVm(vm, sequence)),
    ...judged.others.flatMap((vm) => (vm.needsTick ? overrideOfVm(vm, sequence) : [])),
    ...strangers(judged.checks),
    ...(sequence === 'reachable' ? [] : unreachable(facts, isOff, isHeard)),
    ...(sequence === 'reachable' || isOff ? [] : notKnown(held, facts.node)),
    ...(sequence === 'reachable' || isOff || judged.vms.length > 0 ? [] : unlisted(held, facts.node, isHeard)),
    ...overridden.filter(({ code }) => !isSaidElsewhere(code, sequence)).map(overrideOfCheck),
    ...(pools === undefined ? [] : [poolOverride(pools, facts.node)]),
  ];
  const isNeeded = held.length > 0 || judged.vms.some(({ needsTick }) => needsTick);
  return {
    sequence,
    overrides,
    neverOverridden: neverWords(
      never,
      overrides.flatMap(({ title, statement }) => (statement === null ? [] : [title])),
    ),
    refused:
      refusalOf(judged.isEmpty, isNeeded, overrides, never, facts) ??
      (sequence === 'unreachable' && isHeard && !isOff ? refusalToFence(facts) : null),
  };
}

/**
 * What the sequence itself settles: a silent machine cannot say who it is nor what arrives there, and the cluster fences it by the name it
 * has there. That another machine answers under its name is settled by nothing.
 */
function isGivenUp({ code, state }: PreflightCheck, sequence: JudgedForce['sequence']): boolean {
  const isAboutSilence = code === 'incoming-migrations' || code === 'node-is-itself';
  return sequence === 'unreachable' && state === 'unknown' && isAboutSilence;
}

/** A row of its own says it; where the node is fenced, whether that works is said with the fencing. */
function isSaidElsewhere(code: PreflightCheck['code'], sequence: JudgedForce['sequence']): boolean {
  return (
    saidByRows.has(code) || (sequence === 'unreachable' && (code === 'fencing-works' || code === 'libvirt-answers'))
  );
}

/** Domains that the cluster does not manage: nobody starts them again. */
function strangers(checks: readonly PreflightCheck[]): readonly ForceOverride[] {
  const check = checks.find(({ code, state }) => code === 'unmanaged-vms' && state === 'blocker');
  return (check?.subjects ?? []).map((name) => ({
    id: `domain:${name}`,
    title: `Stop ${name}`,
    words: 'It is outside the cluster: its memory state is lost, and nobody starts it again.',
    statement: null,
    isTold: false,
  }));
}

function overrideOfVm(vm: PlannedVm, sequence: JudgedForce['sequence']): readonly ForceOverride[] {
  const why = vm.because === '' ? '' : `${sentence(vm.because)} `;
  if (sequence === 'unreachable')
    return [
      {
        id: `vm:${vm.resource}`,
        title: `Stop ${vm.resource} with its node, start it elsewhere`,
        words: 'Its memory state is lost. The cluster starts it where it finds room.',
        statement: null,
        isTold: false,
      },
    ];
  // Whatever a plan names: the cluster chooses.
  const where =
    vm.target === null ? 'It stays down until there is a node for it.' : 'The cluster starts it where it finds room.';
  return [
    {
      id: `vm:${vm.resource}`,
      title: vm.target === null ? `Stop ${vm.resource}` : `Stop ${vm.resource}, start it elsewhere`,
      words: `${why}Its memory state is lost. ${where}`,
      statement: null,
      isTold: false,
    },
  ];
}

function overrideOfCheck({ code, title, words }: PreflightCheck): ForceOverride {
  return { id: `check:${code}`, title: `Override the check “${title}”`, words, statement: null, isTold: false };
}

function poolOverride({ words }: PreflightCheck, node: string): ForceOverride {
  return {
    id: 'statement:data-pools',
    title: 'Data pool not healthy',
    words: `${words} Its data may be lost.`,
    statement: poolStatementOf(node),
    isTold: false,
  };
}

/** Devices that may be able to fence the node. */
const ableToFence = ({ fencing }: Pick<PreflightFacts, 'fencing'>): readonly string[] =>
  fencing.filter(({ lists, monitor }) => lists !== 'no' && monitor !== 'failed').map(({ device }) => device);

/** A node that answers is off by a fencing alone (R13): where none can work, what would help is said before anything begins. */
function refusalToFence(facts: PreflightFacts): string | null {
  const { node } = facts;
  if (ableToFence(facts).length > 0) return null;
  return `${node} answers, and its libvirt does not: what runs there could only be ended by fencing, and no fencing device can fence it. Start libvirt on ${node}, or mend its fencing device. Or power it off by hand, and force again.`;
}

function unreachable(facts: PreflightFacts, isOff: boolean, isHeard: boolean): readonly ForceOverride[] {
  const { node, answer } = facts;
  if (isOff)
    return [
      {
        id: 'told:fenced',
        title: `${node} is off`,
        words: 'The fence history of the cluster proves it.',
        statement: null,
        isTold: true,
      },
    ];
  const able = ableToFence(facts);
  const failed = failedAttempts(answer.fencing.filter(({ target }) => target === node));
  const by =
    able.length === 0
      ? 'No device is known to be able to'
      : `By the fence device${able.length === 1 ? '' : 's'} ${listWords(able)}`;
  const tries = failed.length === 0 ? '' : ` Fencing it has failed ${countWords(failed.length, 'time')}.`;
  const first: ForceOverride = {
    id: 'told:fence',
    title: `${node} is put in standby and fenced first`,
    words: `${by}.${isHeard ? `${tries} It answers, and is switched off all the same.` : ''} Nothing of it is started elsewhere before the fence history proves that it is off.`,
    statement: null,
    isTold: true,
  };
  if (isHeard || (able.length > 0 && failed.length === 0)) return [first];
  const because = failed.length > 0 ? tries.trim() : 'No fencing device can fence it.';
  return [
    first,
    {
      id: 'statement:power-off',
      title: 'Unreachable, and not fenced',
      words: `${because} Only where you have seen that ${node} is without power: a VM that runs twice destroys its data.`,
      statement: powerOffStatementOf(node),
      isTold: false,
    },
  ];
}

/** What a silent node does not tell, and nobody can tick one by one: it goes with the fencing, and is said (R10). */
function notKnown(held: readonly PreflightCheck[], node: string): readonly ForceOverride[] {
  const untold = held.filter(
    (check) => check.state === 'unknown' && (saidByRows.has(check.code) || isGivenUp(check, 'unreachable')),
  );
  if (untold.length === 0) return [];
  return [
    {
      id: 'told:not-known',
      title: `What ${node} does not say`,
      words: `Not known, and overridden with it: ${listWords(untold.map(({ title }) => `“${title}”`))}. Whatever runs there ends, also what the cluster does not know of.`,
      statement: null,
      isTold: true,
    },
  ];
}

/** The cluster has no VM there, so no row has a tick; that libvirt does not say what else runs there is overridden by one of its own (R10). */
function unlisted(held: readonly PreflightCheck[], node: string, isHeard: boolean): readonly ForceOverride[] {
  if (!held.some(({ code }) => code === 'libvirt-answers')) return [];
  return [
    {
      id: 'check:libvirt-answers',
      title: `Fence ${node}, though ${isHeard ? 'its libvirt' : 'it'} does not say what runs there`,
      words:
        'The cluster has no VM there. One that the cluster does not know of ends with it: its memory state is lost, and nobody starts it again.',
      statement: null,
      isTold: false,
    },
  ];
}

function neverWords(never: readonly PreflightCheck[], stated: readonly string[]): readonly string[] {
  const apply = [
    ...stated.map((title) => `${title}: only by its own typed statement, above.`),
    ...never.map(({ title, words }) => `${title}: ${words}`),
  ];
  if (apply.length > 0) return apply;
  return [
    'A node that is unreachable and not fenced, or a degraded data pool. Neither applies now; each would need its own typed statement.',
  ];
}

function refusalOf(
  isEmpty: boolean,
  isNeeded: boolean,
  overrides: readonly ForceOverride[],
  never: readonly PreflightCheck[],
  { node }: PreflightFacts,
): string | null {
  if (never.length > 0)
    return `Force cannot override ${listWords(never.map(({ title }) => `“${title}”`))}. ${never.map(({ fix }) => fix).join(' ')}`;
  if (!isNeeded)
    return isEmpty
      ? `There is nothing to override: nothing runs on ${node}, and Maintenance takes it out of service at once.`
      : `There is nothing to override: every VM of ${node} can leave by Maintenance.`;
  const asked = overrides.filter(({ isTold }) => !isTold);
  return asked.length === 0 ? `There is nothing to override on ${node} (${countWords(0, 'VM')} would change).` : null;
}
