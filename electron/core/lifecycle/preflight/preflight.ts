import { isTicked, type PlannedVm, type PreflightCheck } from '#shared/model/maintenance.ts';
import { clusterSettled, moreThanOneNode, noMassFailure, nothingUnmanaged, serviceLimit } from './check-cluster.ts';
import { fencingWorks, otherOperations, placementUsesMemory, quorumAfter } from './check-guards.ts';
import { dataPools, libvirtAnswers, nodeIsItself, targetsReachEachOther } from './check-machines.ts';
import { memoryOnTargets, targetMemory } from './check-memory.ts';
import { schedulerAgrees } from './check-scheduler.ts';
import { incomingMigrations, passthroughVms, unmanagedVms, vmsThatRestart } from './check-vms.ts';
import { holdsUp, sortedChecks } from './check.ts';
import { digestOf } from './digest.ts';
import type { JudgedMaintenance, PreflightFacts } from './facts.ts';
import { planOf, type Plan } from './plan.ts';
import { countWords, listWords } from './words.ts';

/**
 * Every check that is made before a node is taken out of service, and the plan for its VMs. Pure: the same facts give the same answer, so
 * that what was shown and what is done can be compared by `digest`.
 *
 * What is not known holds up like a blocker (R8). A VM that cannot move holds up nobody else: with `movesOnlyWhatCan` its check is a
 * warning, and the node ends as *Active* with what is left said (R7).
 */
export function preflight(facts: PreflightFacts): JudgedMaintenance {
  const plan = planOf(facts);
  const { choices } = facts;
  const mayStay = choices.movesOnlyWhatCan;
  const scheduler = schedulerAgrees(plan, facts);
  const checks = sortedChecks([
    passthroughVms(plan, facts, mayStay),
    unmanagedVms(plan, facts, mayStay),
    vmsThatRestart(plan, facts, mayStay),
    memoryOnTargets(plan, facts, mayStay),
    scheduler.check,
    moreThanOneNode(facts),
    serviceLimit(facts),
    libvirtAnswers(plan, facts),
    targetsReachEachOther(plan, facts),
    quorumAfter(facts, choices.stopsServices),
    clusterSettled(facts),
    nothingUnmanaged(facts, plan, mayStay),
    dataPools(plan, facts),
    incomingMigrations(plan, facts),
    fencingWorks(facts),
    placementUsesMemory(facts),
    nodeIsItself(facts, plan.power),
    noMassFailure(facts),
    otherOperations(facts),
  ]);
  const heldUpBy = whatHoldsUp(checks, plan, scheduler.others, facts);
  return {
    nodeId: facts.nodeId,
    node: facts.node,
    machineId: facts.machineId,
    preparedAt: facts.now,
    digest: digestOf(checks, [...plan.vms, ...scheduler.others]),
    checks,
    vms: plan.vms,
    others: scheduler.others,
    targets: targetMemory(plan),
    isEmpty: plan.isEmpty,
    isReady: heldUpBy === '',
    heldUpBy,
  };
}

/** The sentence beside the buttons; empty where nothing holds it up. */
function whatHoldsUp(
  checks: readonly PreflightCheck[],
  plan: Plan,
  others: readonly PlannedVm[],
  { choices }: PreflightFacts,
): string {
  const blockers = checks.filter(({ state }) => state === 'blocker').length;
  const unknown = checks.filter((check) => holdsUp(check) && check.state === 'unknown');
  // Without its tick a VM stays where only what can is moved; a VM of another node has nowhere to stay.
  const asked = [...(choices.movesOnlyWhatCan ? [] : plan.vms), ...others];
  const unticked = asked.filter((vm) => vm.needsTick && !isTicked(choices.ticked, vm));
  const changes = new Set(unticked.map(({ effect }) => effect));
  const word = changes.size === 1 ? (changes.has('stop') ? 'stop' : 'restart') : 'restart or stop';
  const words = [
    blockers > 0 ? `${countWords(blockers, 'blocker')} ${blockers === 1 ? 'is' : 'are'} resolved` : '',
    unknown.length > 0
      ? `${listWords(
          unknown.map(({ title }) => title),
          2,
        )} ${unknown.length === 1 ? 'is' : 'are'} known`
      : '',
    unticked.length > 0
      ? `${countWords(unticked.length, word, word === 'restart or stop' ? 'restarts or stops' : `${word}s`)} ${unticked.length === 1 ? 'is' : 'are'} ticked`
      : '',
  ].filter((part) => part !== '');
  if (words.length > 0) return `OK becomes available when ${listWords(words)}.`;
  if (choices.movesOnlyWhatCan && Object.keys(plan.pins).length === 0)
    return 'Nothing can move now: every VM of this node would stay.';
  return '';
}
