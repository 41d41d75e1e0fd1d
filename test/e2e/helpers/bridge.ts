import type { AppInfo, Settings } from '#shared/contract/app.ts';
import type { Bridge, EventEnvelope, EventName, Events } from '#shared/contract/contract.ts';
import type { NodeDetail } from '#shared/model/node.ts';
import type { Operation, TranscriptEntry } from '#shared/model/operation.ts';
import type { RegionProfile, RegionSnapshot } from '#shared/model/region.ts';
import type { Problem } from '#shared/problems.ts';

/** What the scripted core knows when the page is loaded. */
export interface Scenario {
  readonly profiles: readonly RegionProfile[];
  readonly settings: Settings;
  readonly info: AppInfo;
  /** By region. A region without one never answers: it stays loading. */
  readonly snapshots: Readonly<Record<string, RegionSnapshot>>;
  readonly details: Readonly<Record<string, NodeDetail>>;
  /** What other calls answer, by name; without one they answer nothing. */
  readonly answers?: Readonly<Record<string, unknown>>;
  /** What calls answer that act on a node, by name and node; what is not in it is answered as above. */
  readonly answersOf?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What the list of regions is once a call of this name was made. */
  readonly profilesAfter?: { readonly call: string; readonly profiles: readonly RegionProfile[] };
  /** View settings that were kept before. */
  readonly views?: Readonly<Record<string, string>>;
  /** Calls that are never answered, by name. */
  readonly silent?: readonly string[];
  /** Calls that fail, by name. */
  readonly problems?: Readonly<Record<string, Problem>>;
}

/** How a test reaches into the page to play the core. */
export interface TestBridge {
  /** Announces something; the sequence number is the next one, or one further for each of `skipped` (a gap). */
  emit<Name extends EventName>(name: Name, payload: Events[Name], skipped?: number): void;
  /** What the next snapshot answers. */
  setSnapshot(snapshot: RegionSnapshot): void;
  setDetail(detail: NodeDetail): void;
  setProblem(name: string, problem: Problem | null): void;
  /** What calls of this name answer from now on, where the bridge itself knows none. */
  setAnswer(name: string, answer: unknown): void;
  readonly calls: { readonly name: string; readonly input: unknown }[];
}

declare global {
  interface Window {
    testBridge: TestBridge;
  }
}

/**
 * Runs in the page before the app: puts a `window.rackside` there that answers from the scenario. View settings are kept in
 * sessionStorage, which stands for the core's database and outlives a reload. Self-contained: nothing of this file's scope
 * exists in the page.
 */
export function installBridge(scenario: Scenario): void {
  const listeners = new Set<(event: EventEnvelope) => void>();
  const snapshots: Record<string, RegionSnapshot> = { ...scenario.snapshots };
  const details: Record<string, NodeDetail> = { ...scenario.details };
  const problems: Record<string, Problem> = { ...scenario.problems };
  const answers: Record<string, unknown> = { ...scenario.answers };
  let { settings, profiles } = scenario;
  let sequence = Math.max(0, ...Object.values(snapshots).map((one) => one.sequence));
  const calls: { name: string; input: unknown }[] = [];
  const { promise: never } = Promise.withResolvers<never>();

  const field = (input: unknown, name: string): string => (input as Readonly<Record<string, string>>)[name] ?? '';

  function answer(name: string, input: unknown): unknown {
    switch (name) {
      case 'regions.list':
        return profiles;
      case 'settings.get':
        return settings;
      case 'settings.set':
        settings = { ...settings, ...(input as Partial<Settings>) };
        return settings;
      case 'app.info':
        return scenario.info;
      case 'views.get':
        return sessionStorage.getItem(`view:${field(input, 'key')}`) ?? scenario.views?.[field(input, 'key')] ?? null;
      case 'views.set':
        sessionStorage.setItem(`view:${field(input, 'key')}`, field(input, 'value'));
        return null;
      case 'regions.open':
      case 'regions.snapshot': {
        const found = snapshots[field(input, 'regionId')];
        return found ? { ...found, sequence: Math.max(found.sequence, sequence) } : never;
      }
      case 'nodes.detail':
      case 'nodes.refresh':
        return details[field(input, 'nodeId')] ?? never;
      case 'operations.list':
      case 'demo.faults':
        return answers[name] ?? [];
      case 'operations.get': {
        const listed = (answers['operations.list'] ?? []) as readonly Operation[];
        return listed.find(({ id }) => id === field(input, 'operationId')) ?? never;
      }
      case 'operations.transcript': {
        const { after } = input as { readonly after: number };
        const entries = (answers[name] ?? []) as readonly TranscriptEntry[];
        return entries.filter(({ sequence: at }) => at > after);
      }
      default:
        return scenario.answersOf?.[name]?.[field(input, 'nodeId')] ?? answers[name] ?? null;
    }
  }

  const bridge: Bridge = {
    invoke: async (message) => {
      if (message.kind === 'cancel') return { ok: true, value: null };
      calls.push({ name: message.name, input: message.input });
      if (scenario.profilesAfter?.call === message.name) ({ profiles } = scenario.profilesAfter);
      await new Promise((resolve) => {
        setTimeout(resolve, 0);
      });
      if (scenario.silent?.includes(message.name)) await never;
      const problem = problems[message.name];
      if (problem) return { ok: false, problem };
      return { ok: true, value: await answer(message.name, message.input) };
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
  const test: TestBridge = {
    emit: (name, payload, skipped = 0) => {
      sequence += 1 + skipped;
      const event = { sequence, name, payload } as EventEnvelope;
      for (const listener of listeners) listener(event);
    },
    setSnapshot: (next) => {
      snapshots[next.region.id] = next;
    },
    setDetail: (next) => {
      details[next.row.id] = next;
    },
    setProblem: (name, problem) => {
      if (problem) problems[name] = problem;
      else delete problems[name];
    },
    setAnswer: (name, given) => {
      answers[name] = given;
    },
    calls,
  };
  Object.assign(window, { rackside: bridge, testBridge: test });
}
