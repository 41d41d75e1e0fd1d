import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { ClusterConfiguration } from '#shared/model/configuration.ts';
import { readConfiguration } from '../cluster/pacemaker/read/configuration.ts';
import type { ShownCommand } from '../cluster/writes/shown-command.ts';
import { runSections } from '../ssh/sections.ts';
import { controlOf, nodeOf } from './channels.ts';
import { untilAnswered } from './reach.ts';
import { CancelledByPerson } from './run-steps.ts';
import type { OperationContext } from './step.ts';
import { pause } from './time.ts';

const readDeadlineMs = 30_000;

/** Reads the cluster now, however long the way to it is broken; the step's line says that it waits. */
export function readCluster(context: OperationContext): Promise<ClusterAnswer> {
  return untilAnswered(() => context.region.readFresh(), patienceOf(context));
}

/** Reads the configuration now, with the same patience. */
export function readConfigurationNow(context: OperationContext): Promise<ClusterConfiguration> {
  const { region, clock, signal } = context;
  return untilAnswered(
    () => readConfiguration(controlOf(region), { deadlineMs: readDeadlineMs, now: clock.now, signal }),
    patienceOf(context),
  );
}

/** A look that is made every few seconds: it changes nothing, and is not written into the journal. One try. */
export async function look<Result>(
  context: OperationContext,
  node: string,
  command: ShownCommand<Result>,
): Promise<Result> {
  const output = await runSections(nodeOf(context.region, node), command.command, {
    deadlineMs: command.deadlineMs,
    signal: context.signal,
  });
  return command.parse(output);
}

/** Waits for a bad network, and says so. */
export function patienceOf({ clock, signal, say }: OperationContext) {
  return {
    clock,
    signal,
    onWaiting: (because: string | null) => say(because === null ? '' : `waits: ${because}`),
  };
}

/**
 * Reads the cluster until `isSo` says that what was written has come about. Cancel cuts the wait short, at once, but where it is part of what
 * has to come to its end first (`isCut: false`).
 * @returns the answer in which it was so, or `undefined` when it was not within `forMs`. @throws CancelledByPerson
 */
export async function untilSo(
  context: OperationContext,
  isSo: (answer: ClusterAnswer) => boolean,
  {
    forMs,
    everyMs = 1000,
    isCut = true,
  }: { readonly forMs: number; readonly everyMs?: number; readonly isCut?: boolean },
): Promise<ClusterAnswer | undefined> {
  const { clock, signal } = context;
  const begun = clock.monotonic();
  for (;;) {
    const answer = await readCluster(context);
    if (isSo(answer)) return answer;
    if (clock.monotonic() - begun >= forMs) return undefined;
    await (isCut ? pauseOrCancel(context, everyMs) : pause(clock, everyMs, signal));
  }
}

/** A VM that is refreshed is on no node for some seconds (docs/lab-proofs.md): nowhere, or gone from here, is believed when it lasts. */
const refreshedWithinMs = 6000;

/** Reads where a VM is. That it is not on `node` is read twice, a second apart; that it is nowhere, for as long as a refresh lasts. */
export async function readWhereIs(context: OperationContext, resource: string, node: string): Promise<ClusterAnswer> {
  const nodesIn = ({ resources }: ClusterAnswer) => resources.find(({ id }) => id === resource)?.nodes ?? [];
  const first = await readCluster(context);
  if (nodesIn(first).includes(node)) return first;
  await pause(context.clock, 1000, context.signal);
  const isSomewhere = (answer: ClusterAnswer): boolean => nodesIn(answer).length > 0;
  const found = await untilSo(context, isSomewhere, { forMs: refreshedWithinMs, isCut: false });
  return found ?? readCluster(context);
}

/** A pause inside of a step that Cancel ends at once (R6). @throws CancelledByPerson */
export async function pauseOrCancel({ clock, signal, cancelled }: OperationContext, delayMs: number): Promise<void> {
  try {
    await pause(clock, delayMs, AbortSignal.any([signal, cancelled]));
  } catch (error) {
    signal.throwIfAborted();
    if (cancelled.aborted) throw new CancelledByPerson();
    throw error;
  }
}
