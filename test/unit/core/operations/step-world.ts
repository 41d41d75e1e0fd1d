import { noOperationChoices, type ClusterAnswer, type OperationRecord } from '#shared/model/cluster.ts';
import { operationId } from '#shared/model/ids.ts';
import type { StatusView } from '../../../../shared/lifecycle/statuses.ts';
import type { Operation, OperationVm } from '#shared/model/operation.ts';
import { known, unknown, type Reading } from '#shared/model/reading.ts';
import type { Brake } from '#shared/model/region.ts';
import { fail, problemOf } from '#shared/problems.ts';
import type { Changes as Merged } from '../../../../electron/core/cluster/writes/configuration.ts';
import { emptyRecord } from '../../../../electron/core/operations/operation-words.ts';
import type { OperationContext, Step } from '../../../../electron/core/operations/step.ts';
import { waitingVm } from '../../../../electron/core/operations/view.ts';
import { frameSections } from '../../../../electron/core/ssh/sections.ts';
import type { CommandResult, RemoteCommand } from '../../../../electron/core/ssh/transport.ts';
import { capture } from '../cluster/capture.ts';
import { configurationOf, domainOf, healthyAnswer } from '../lifecycle/preflight/facts-of.ts';
import { nodesOf } from '../lifecycle/preflight/nodes-of.ts';
import { testTime, type TestTime } from './laptop.ts';

/** What a test of steps sets, and what it looks at: everything that was written and sent, in its order. */
export interface StepWorld {
  readonly context: OperationContext;
  readonly time: TestTime;
  /** Every write and every command: `merge step`, `delete path`, or the command as it is shown. */
  readonly sent: string[];
  answer: ClusterAnswer;
  cib: string;
  /** What libvirt runs on the node; `null`: it does not say. */
  domains: readonly string[] | null;
  record: OperationRecord;
  /** Actions of the simulation, as crm_simulate prints them, by the words of the edits. */
  simulates: (edits: readonly string[]) => string;
  /** How a unit stands, by its name and the node that is asked: systemd's properties, and the journal. */
  unit: (name: string, node: string) => { readonly properties: string; readonly journal?: string };
  /** Free memory of a node, as its row shows it. */
  free: (name: string) => Reading<number>;
  /** The status of a node that is not Active, by its name. */
  status: (name: string) => StatusView | undefined;
  maxMovesAtOnce: number;
  brake: Brake | null;
  /** Ids of the nodes that were read anew. */
  readonly readNodes: string[];
  /** Called after each entry of `sent`; what it throws is the answer of that. `node`: where a command of one node went. */
  onSent: (line: string, xml: string, node?: string) => unknown;
  readonly vm: (resource: string) => OperationVm | undefined;
}

/** The way to a machine is lost. */
export const lost = () => fail({ code: 'connection-lost', message: 'The way is lost.', advice: 'It is tried again.' });

/** A captured healthy region and one operation on `node`; nothing but what steps use is there. */
export function stepWorld(node = 'lab-c2', cancelled = new AbortController().signal): StepWorld {
  const time = testTime();
  const sent: string[] = [];
  let vms: readonly OperationVm[] = [];
  const note = async (line: string, xml = '', on = ''): Promise<unknown> => {
    sent.push(line);
    return world.onSent(line, xml, on);
  };
  const answerTo = ({ args = [], script }: RemoteCommand, on = ''): CommandResult => {
    const [nonce = '', ...rest] = args;
    const reply = (sections: Parameters<typeof frameSections>[0]) =>
      ({ ...frameSections(sections, nonce), exitStatus: 0, durationMs: 1 }) as CommandResult;
    if (script.includes('crm_simulate')) {
      const actions = world.simulates(rest);
      const text = `<pacemaker-result><actions>${actions}</actions><status code="0" message="OK"/></pacemaker-result>`;
      const cib = { name: 'cib', text: '<cib epoch="1" num_updates="1" have-quorum="1">', status: 0 };
      return reply([cib, { name: '1', text, status: 0 }]);
    }
    if (script.includes('cibadmin -Q'))
      return reply([
        { name: 'cib', text: world.cib, status: 0 },
        { name: 'uname', text: 'lab-c1\n', status: 0 },
      ]);
    if (script.includes('date -u'))
      return reply([{ name: 'run', text: `${Math.floor(time.clock.now() / 1000)}\n`, status: 0 }]);
    if (script.includes('journalctl')) {
      const unit = world.unit(rest[0] ?? '', on);
      return reply([
        { name: 'run', text: unit.properties, status: 0 },
        { name: 'journal', text: unit.journal ?? '', status: 0 },
      ]);
    }
    return reply([{ name: 'run', text: '', status: 0 }]);
  };
  const context = {
    id: operationId('11111111-1111-4111-8111-111111111111'),
    nodeId: `member:${node}`,
    node,
    clock: time.clock,
    signal: new AbortController().signal,
    cancelled,
    record: () => world.record,
    async saveRecord(change: (record: OperationRecord) => Partial<OperationRecord>) {
      world.record = { ...world.record, ...change(world.record) };
    },
    say: () => {},
    handle: {
      get: () => ({ vms }) as unknown as Operation,
      vm(resource: string, change: Partial<OperationVm>) {
        const before = vms.find((vm) => vm.resource === resource) ?? waitingVm(resource, 'live-migrate', null);
        vms = [...vms.filter((vm) => vm.resource !== resource), { ...before, ...change }];
      },
      step: () => {},
      update: (change: (operation: Operation) => Operation) => void ({ vms } = change({ vms } as unknown as Operation)),
    },
    write: {
      merge: async (step: string, changes: Merged) => void (await note(`merge ${step}`, JSON.stringify(changes))),
      delete: async (_step: string, path: string) => void (await note(`delete ${path}`)),
      option: async (step: string, { resource, name, value }: Record<string, string | null>) =>
        void (await note(`option ${step} ${resource} ${name}=${value ?? ''}`)),
    },
    send: {
      toControl: (_step: string, { shown }: { readonly shown: string }) => note(shown),
      toNode: (_step: string, on: string, { shown }: { readonly shown: string }) => note(shown, '', on),
    },
    region: {
      answer: () => world.answer,
      readFresh: async () => world.answer,
      view: () => ({
        maxMovesAtOnce: world.maxMovesAtOnce,
        connection: { kind: 'live', via: 'lab-c1' },
        readOnlyBecause: null,
        brake: world.brake,
      }),
      rows: () =>
        nodesOf(world.answer, configuration, time.clock.now()).map((each) => ({
          ...each,
          id: `member:${each.name}`,
          hostname: each.name,
          operation: null,
          status: world.status(each.name) ?? each.status,
          vmMemoryAvailableBytes: world.free(each.name),
        })),
      nodes: () => [],
      node: () => ({}),
      async readNode(id: string) {
        world.readNodes.push(id);
        const domains: Reading<unknown> =
          world.domains === null
            ? unknown('no answer')
            : known(
                world.domains.map((name) => domainOf(name, 32)),
                time.clock.now(),
                60_000,
              );
        return { observation: { reachability: { kind: 'reachable', at: time.clock.now() }, slow: { domains } } };
      },
      onControl: async (command: RemoteCommand) => answerTo(command),
      onNode: async (name: string, command: RemoteCommand) => answerTo(command, name),
    },
  } as unknown as OperationContext;
  const world: StepWorld = {
    context,
    time,
    sent,
    answer: healthyAnswer(),
    cib: capture('healthy/lab-c1/cib.xml'),
    domains: [],
    record: { ...emptyRecord, node, choices: noOperationChoices },
    simulates: pinsAreKept,
    free: () => known(1024 ** 4, time.clock.now(), 60_000),
    status: () => undefined,
    maxMovesAtOnce: 1,
    brake: null,
    readNodes: [],
    unit: () => ({ properties: 'LoadState=not-found\nActiveState=inactive\n' }),
    onSent: () => ({ kind: 'ran', exitStatus: 0, stdout: '', stderr: '' }),
    vm: (resource) => vms.find((vm) => vm.resource === resource),
  };
  return world;
}

const configuration = configurationOf();

/** A scheduler that follows every pin, and would do nothing else. */
function pinsAreKept(edits: readonly string[]): string {
  const pins = edits.flatMap((edit) => [...edit.matchAll(/<rsc_location id="rackside-move-[^>]*>/gu)]);
  return pins
    .map(([text]) => {
      const of = (name: string) => new RegExp(` ${name}="([^"]*)"`, 'u').exec(text)?.[1] ?? '';
      return `<rsc_action action="migrate" resource="${of('rsc')}" source="elsewhere" dest="${of('node')}"/>`;
    })
    .join('');
}

/** Lets time pass until it is over. */
export async function inTime<T>({ time }: StepWorld, work: Promise<T>): Promise<T> {
  const state = { isOver: false };
  const watched = work.finally(() => (state.isOver = true));
  watched.catch(() => {});
  for (let passed = 0; !state.isOver && passed < 3_600_000; passed += 500) await time.pass(500);
  if (!state.isOver) throw new Error('It does not end.');
  return watched;
}

/** Runs a step as the engine does. @returns its words, or the problem's message. */
export async function runStep(world: StepWorld, step: Step): Promise<string> {
  const run = async () => {
    if (!(await step.isDone(world.context))) await step.act(world.context);
    return step.verify(world.context);
  };
  try {
    return await inTime(world, run());
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    return problem.message;
  }
}
