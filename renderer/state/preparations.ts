import { create } from 'zustand';
import type { StoreApi, UseBoundStore } from 'zustand';
import type { NodeId } from '#shared/model/ids.ts';
import type { PreflightCheck } from '#shared/model/maintenance.ts';
import type { Problem } from '#shared/problems.ts';
import { problemFrom } from './session.ts';

/** What a dialog knows of one node: the last answer, and whether it is the one to what is chosen now. */
export interface Preparation<Choices, Answer> {
  readonly choices: Choices;
  /** The last good answer; it stays while another is read, and where that fails. */
  readonly answer: Answer | null;
  /** What was answered before, where the same question was asked again: what differs is marked. */
  readonly before: Answer | null;
  /** UTC ms since which it is being read, or waits for its turn; `null`: it is not. */
  readonly readingSince: number | null;
  readonly problem: Problem | null;
}

type ByNode<Choices, Answer> = Readonly<Record<NodeId, Preparation<Choices, Answer>>>;

export interface Preparations<Choices, Answer> {
  readonly use: UseBoundStore<StoreApi<ByNode<Choices, Answer>>>;
  /** Asks for all of them. The returned function withdraws what is still asked. */
  start(): () => void;
  /** Changes what is chosen, and asks again a moment after the last change. */
  choose(nodeId: NodeId, choices: Choices): void;
  /** Asks the same again: whatever differs then was not the person's doing. */
  again(nodeIds: readonly NodeId[]): void;
}

/** A person who ticks three rows in a row is one change. */
const settleMs = 250;
/** Each preflight reads a node and its targets; more at once would only share the same channels. */
const atOnce = 2;

/** A cluster that is not at rest is looked at again after so long. */
const passesAfterMs = 5000;

/** Whether something of the moment holds it up, which passes without anybody: a transition that is under way. */
export const passesByItself = ({ checks }: { readonly checks: readonly PreflightCheck[] }): boolean =>
  checks.some(({ code, state }) => code === 'cluster-settled' && state === 'blocker');

/**
 * Reads what an action would meet on each of these nodes, for as long as its dialog is open.
 * @param passes whether what holds an answer up passes by itself: then it is asked again by itself, too.
 */
export function createPreparations<Choices, Answer>(
  nodeIds: readonly NodeId[],
  choicesOf: (nodeId: NodeId) => Choices,
  ask: (nodeId: NodeId, choices: Choices, signal: AbortSignal) => Promise<Answer>,
  passes: (answer: Answer) => boolean = () => false,
): Preparations<Choices, Answer> {
  const nothing = { answer: null, before: null, readingSince: null, problem: null };
  const use = create<ByNode<Choices, Answer>>(() =>
    Object.fromEntries(nodeIds.map((nodeId) => [nodeId, { ...nothing, choices: choicesOf(nodeId) }])),
  );
  const waiting = new Set<NodeId>();
  const marking = new Set<NodeId>();
  const timers = new Map<NodeId, ReturnType<typeof setTimeout>>();
  const reading = new Map<NodeId, AbortController>();

  const put = (nodeId: NodeId, change: Partial<Preparation<Choices, Answer>>): void => {
    use.setState((state) => {
      const known = state[nodeId];
      return known ? { [nodeId]: { ...known, ...change } } : state;
    });
  };
  const read = async (nodeId: NodeId, choices: Choices): Promise<void> => {
    const controller = new AbortController();
    reading.set(nodeId, controller);
    try {
      const answer = await ask(nodeId, choices, controller.signal);
      if (controller.signal.aborted) return;
      const before = marking.delete(nodeId) ? (use.getState()[nodeId]?.answer ?? null) : null;
      put(nodeId, { answer, before, problem: null, readingSince: null });
      if (passes(answer))
        timers.set(
          nodeId,
          setTimeout(() => again([nodeId]), passesAfterMs),
        );
    } catch (error) {
      if (!controller.signal.aborted) put(nodeId, { problem: problemFrom(error), readingSince: null });
    } finally {
      if (reading.get(nodeId) === controller) reading.delete(nodeId);
      next();
    }
  };
  const next = (): void => {
    for (const nodeId of waiting) {
      if (reading.size >= atOnce) return;
      const state = use.getState()[nodeId];
      waiting.delete(nodeId);
      if (state) void read(nodeId, state.choices);
    }
  };
  /** What was asked before this is not waited for any more. */
  const withdraw = (nodeId: NodeId): void => {
    clearTimeout(timers.get(nodeId));
    waiting.delete(nodeId);
    const controller = reading.get(nodeId);
    reading.delete(nodeId);
    controller?.abort();
    put(nodeId, { readingSince: use.getState()[nodeId]?.readingSince ?? Date.now() });
  };
  const request = (nodeId: NodeId): void => {
    withdraw(nodeId);
    waiting.add(nodeId);
    next();
  };
  function again(ids: readonly NodeId[]): void {
    for (const nodeId of ids) {
      marking.add(nodeId);
      request(nodeId);
    }
  }
  return {
    use,
    start() {
      for (const nodeId of nodeIds) request(nodeId);
      return () => {
        waiting.clear();
        for (const timer of timers.values()) clearTimeout(timer);
        for (const controller of reading.values()) controller.abort();
      };
    },
    choose(nodeId, choices) {
      marking.delete(nodeId);
      withdraw(nodeId);
      put(nodeId, { choices });
      timers.set(
        nodeId,
        setTimeout(() => {
          request(nodeId);
        }, settleMs),
      );
      next();
    },
    again,
  };
}

/** The answer is the one to what is chosen now, and nothing about it failed. */
export const isCurrent = <Choices, Answer>(of: Preparation<Choices, Answer>): boolean =>
  of.answer !== null && of.readingSince === null && of.problem === null;
