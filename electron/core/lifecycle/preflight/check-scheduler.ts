import type { SimulatedAction } from '#shared/model/configuration.ts';
import type { PlannedVm, PreflightCheck, VmEffect } from '#shared/model/maintenance.ts';
import { checkOf } from './check.ts';
import type { PreflightFacts } from './facts.ts';
import type { Plan } from './plan.ts';
import { samePins } from './draft-plan.ts';
import { countWords, line, listWords, sentence } from './words.ts';

/** The scheduler's word on the plan, and what it would do to VMs of other nodes. */
export interface SchedulerJudgement {
  readonly check: PreflightCheck;
  readonly others: readonly PlannedVm[];
}

/** Compares our plan with what the cluster's own scheduler would do with the same pins, then with the node in standby (R9). */
export function schedulerAgrees(plan: Plan, facts: PreflightFacts): SchedulerJudgement {
  const { pass, warning, blocker, unknown } = checkOf('scheduler-agrees', "The cluster's scheduler agrees");
  const { simulated, choices } = facts;
  const others = new Map<string, PlannedVm>();
  const notKnown = (because: string): SchedulerJudgement => ({
    check: unknown({
      figure: 'not known',
      words: sentence(`what the cluster's scheduler would do is not known: ${because}`),
      fix: 'Check again.',
    }),
    others: [],
  });
  if (!samePins(plan.pins, simulated.pinned)) return notKnown('the plan has changed since it was asked');
  // Where VMs stay, the node ends as Active: its standby is never written.
  const isStandby = !choices.movesOnlyWhatCan;
  if (simulated.pins.kind === 'unknown') return notKnown(simulated.pins.because);
  if (isStandby && simulated.standby.kind === 'unknown') return notKnown(simulated.standby.because);
  const standby = isStandby && simulated.standby.kind === 'simulated' ? simulated.standby : { actions: [], fenced: [] };
  const differences = [
    ...differencesOf(plan, simulated.pins.actions),
    // What its standby would do to VMs that cannot move is said by the checks that hold them.
    ...unplanned(plan, standby.actions),
    ...migratedByStandby(plan, facts, standby.actions, simulated.pins.actions),
  ];
  for (const action of [...simulated.pins.actions, ...standby.actions]) {
    const other = otherVm(plan, facts, action);
    // A worse effect replaces a milder one: it is told what may happen at most.
    if (other !== undefined && (others.get(other.resource)?.needsTick !== true || other.needsTick))
      others.set(other.resource, other);
  }
  const fenced = [...new Set([...simulated.pins.fenced, ...standby.fenced])];
  const rows = [...others.values()].toSorted((a, b) => (a.resource < b.resource ? -1 : 1));
  if (fenced.length > 0 || differences.length > 0) {
    const words = [
      ...(fenced.length > 0 ? [`The cluster would fence ${listWords(fenced)}.`] : []),
      ...differences.map(({ words: text }) => line(text)),
      ...plan.unclear.map((text) => sentence(`not judged by Rackside: ${text}`)),
    ];
    return {
      check: blocker({
        figure: countWords(fenced.length + differences.length, 'difference'),
        words: words.join(' '),
        fix:
          differences.length > 0
            ? 'Choose another target for these VMs, or mend the constraint or capacity that is behind it; then check again.'
            : 'See why the cluster wants to fence there (a failed stop, a lost node), or let the fencing end; then check again.',
        subjects: [...fenced, ...differences.map(({ resource }) => resource)],
      }),
      others: rows,
    };
  }
  const services = servicesTouched(plan, facts, standby.actions);
  if (rows.length + plan.unclear.length + services.length === 0) return { check: pass('same plan'), others: rows };
  const words = [
    ...rows.map((row) => line(`${row.resource} on ${row.node}: ${row.because}`)),
    ...(services.length > 0 ? [`The cluster would also move or stop ${listWords(services)}.`] : []),
    ...plan.unclear.map((text) => sentence(`the scheduler allows the plan, Rackside cannot judge ${text}`)),
  ];
  const ticks = rows.filter(({ needsTick }) => needsTick).length;
  return {
    check: warning({
      figure:
        rows.length > 0
          ? countWords(rows.length, 'other VM')
          : countWords(services.length + plan.unclear.length, 'remark'),
      words: words.join(' '),
      fix: ticks > 0 ? 'Tick their rows to allow that, or choose other targets.' : 'Look whether that is wanted.',
      subjects: [...rows.map(({ resource }) => resource), ...services],
    }),
    others: rows,
  };
}

interface Difference {
  readonly resource: string;
  readonly words: string;
}

const bare = (resource: string): string => resource.replace(/:\d+$/u, '');

/** Each pinned VM has to do exactly what its row says: nothing else, and not nothing. */
function differencesOf(plan: Plan, actions: readonly SimulatedAction[]): readonly Difference[] {
  const byResource = Map.groupBy(actions, ({ resource }) => bare(resource));
  return plan.vms.flatMap((vm): readonly Difference[] => {
    const target = plan.pins[vm.resource];
    if (target === undefined) return [];
    const own = byResource.get(vm.resource) ?? [];
    const moves = own.filter(({ action }) => action === 'migrate' || action === 'move');
    const [move] = moves;
    if (move === undefined) {
      const does = own.length === 0 ? 'would leave it where it is' : `would ${own.map(actionWords).join(' and ')} it`;
      return [{ resource: vm.resource, words: `${vm.resource} is planned to go to ${target}; the scheduler ${does}` }];
    }
    if (move.target !== target)
      return [
        {
          resource: vm.resource,
          words: `${vm.resource} is planned to go to ${target}; the scheduler would send it to ${move.target ?? 'no node'}`,
        },
      ];
    if (vm.effect === 'live-migrate' && move.action !== 'migrate')
      return [
        {
          resource: vm.resource,
          words: `${vm.resource} is planned to live-migrate; the scheduler would restart it on ${target}`,
        },
      ];
    return [];
  });
}

/** With the node in standby: VMs of this node that move although nothing is planned for them, or otherwise than planned. */
function unplanned(plan: Plan, actions: readonly SimulatedAction[]): readonly Difference[] {
  const planned = new Map(plan.vms.map((vm) => [vm.resource, vm]));
  return actions.flatMap((action): readonly Difference[] => {
    const vm = planned.get(bare(action.resource));
    if (vm === undefined) return [];
    const target = plan.pins[vm.resource];
    if (target === undefined) return [];
    if ((action.action === 'migrate' || action.action === 'move') && action.target === target) return [];
    return [{ resource: vm.resource, words: `In standby the scheduler would ${actionWords(action)} ${vm.resource}` }];
  });
}

/**
 * VMs of other nodes that the standby, and no pin before it, would live-migrate: for that it is not written, because where such a migration
 * fails Pacemaker restarts the VM cold, which nobody has ticked.
 */
function migratedByStandby(
  plan: Plan,
  facts: PreflightFacts,
  actions: readonly SimulatedAction[],
  before: readonly SimulatedAction[],
): readonly Difference[] {
  const follows = new Set(before.map(({ resource }) => bare(resource)));
  return actions.flatMap((action): readonly Difference[] => {
    const vm = otherVm(plan, facts, action);
    if (vm?.effect !== 'live-migrate' || follows.has(vm.resource)) return [];
    const words = `In standby the scheduler would live-migrate ${vm.resource} of ${vm.node} to ${vm.target ?? 'another node'}`;
    return [{ resource: vm.resource, words }];
  });
}

function actionWords({ action, target }: SimulatedAction): string {
  const to = target === null ? '' : ` to ${target}`;
  switch (action) {
    case 'migrate':
      return `live-migrate${to}`;
    case 'move':
      return `restart and move${to}`;
    case 'recover':
    case 'restart':
      return 'restart';
    case 'start':
    case 'stop':
    case 'promote':
    case 'demote':
      return action;
    case 'other':
      return 'act on';
    default:
      return action satisfies never;
  }
}

const effects: Readonly<Partial<Record<SimulatedAction['action'], VmEffect>>> = {
  migrate: 'live-migrate',
  move: 'restart-elsewhere',
  restart: 'restart-elsewhere',
  recover: 'restart-elsewhere',
  stop: 'stop',
};

/** A VM of another node that the scheduler would touch: a row of its own, with a tick where it would restart or stop (R9). */
function otherVm(plan: Plan, { node }: PreflightFacts, action: SimulatedAction): PlannedVm | undefined {
  const vm = plan.index.get(bare(action.resource));
  const effect = effects[action.action];
  if (vm === undefined || effect === undefined || vm.nodes.length === 0 || vm.nodes.includes(node)) return undefined;
  return {
    resource: vm.resource,
    domain: vm.domain,
    node: action.source ?? vm.nodes[0] ?? '',
    memoryBytes: vm.memoryBytes,
    effect,
    because: `the cluster would ${actionWords(action)} it${action.reason === '' ? '' : ` (${action.reason})`}`,
    target: action.target,
    alternatives: [],
    needsTick: effect !== 'live-migrate',
  };
}

const quiet = /^(stonith:|ocf:pacemaker:remote$)/u;

/** What is no VM, runs once, and would be moved or stopped by the standby. Clones end here and go on elsewhere; fencing and connections always move. */
function servicesTouched(
  plan: Plan,
  { answer, node }: PreflightFacts,
  actions: readonly SimulatedAction[],
): readonly string[] {
  const resources = new Map(answer.resources.map((resource) => [bare(resource.id), resource]));
  return [
    ...new Set(
      actions.flatMap(({ resource, action }) => {
        const id = bare(resource);
        const known = resources.get(id);
        if (plan.index.has(id) || action === 'start' || known === undefined || quiet.test(known.agent)) return [];
        return known.clone !== null && known.nodes.length > 0 && answerHas(answer.resources, id, node) ? [] : [id];
      }),
    ),
  ];
}

function answerHas(resources: PreflightFacts['answer']['resources'], id: string, node: string): boolean {
  return resources.some((resource) => bare(resource.id) === id && resource.nodes.includes(node));
}
