import { describe, expect, test } from 'vitest';
import type { ActingCall } from '../../../electron/core/operations/operations.ts';
import type { NodeCommand } from '../../../shared/lifecycle/commands.ts';
import { decisionContext } from '../../../shared/lifecycle/context.ts';
import { decide, refusalProblem } from '../../../shared/lifecycle/decide.ts';
import type { Problem } from '../../../shared/problems.ts';
import { problemOf } from '../../../shared/problems.ts';
import { regionOf, type RunningApp } from '../../helpers/running-app.ts';
import { actingInputs, callsOfCommand } from './acting-inputs.ts';
import { app, cannot, keyLogin, live, nodes, open, read, seedOf, skipped, trust } from './region.ts';

const names = Object.keys(actingInputs()) as readonly ActingCall[];

/** What a call is answered with: `null` where it was done. */
async function answerOf(running: RunningApp, name: ActingCall, input: unknown): Promise<Problem | null> {
  try {
    await running.call(name, input as never);
    return null;
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    return problem;
  }
}

/** A refusal that a person can do something with: of the closed list, with words, and nothing that is a mistake of ours or missing. */
function expectHonest(name: ActingCall, problem: Problem): void {
  expect({ name, ...problem }).not.toMatchObject({ code: 'internal' });
  expect(`${name}: ${problem.message} ${problem.advice}`).not.toMatch(/not built|undefined|\[object|NaN/u);
  expect(problem.message.length).toBeGreaterThan(10);
  expect(problem.advice.length).toBeGreaterThan(10);
}

/** Inputs that are each wrong in one place: something is missing, of another kind, or too much. */
function wrongInputs(input: object): readonly unknown[] {
  const entries = Object.entries(input);
  const without = entries.map(([key]) => Object.fromEntries(entries.filter(([other]) => other !== key)));
  const kinds = entries.flatMap(([key]) => [
    { ...input, [key]: undefined },
    { ...input, [key]: { toString: 7 } },
    { ...input, [key]: Number.NaN },
  ]);
  return [null, undefined, 'text', 7, [], {}, ...without, ...kinds, { ...input, more: 1 }];
}

describe('every call that acts on nodes, without any interface', () => {
  test('with a bad input is refused for the input, and reaches no region', async (context) => {
    const running = await app(context);
    for (const name of names) {
      for (const input of wrongInputs(actingInputs()[name])) {
        const problem = await answerOf(running, name, input);
        expect(`${name} ${JSON.stringify(input)} ${problem?.code}`).toBe(
          `${name} ${JSON.stringify(input)} invalid-input`,
        );
      }
    }
  });

  test('on a region that is not open says so', async (context) => {
    const running = await app(context);
    const { id } = await running.call(
      'regions.add',
      regionOf({
        login: { user: 'root', port: 1, methods: [{ kind: 'agent' }] },
        seeds: [{ host: '127.0.0.1', port: 1 }],
      }),
    );
    for (const name of names) {
      const problem = await answerOf(running, name, actingInputs(id)[name]);
      expect(`${name} ${problem?.code}`).toBe(`${name} region-not-open`);
    }
  });
});

const commands = Object.keys(callsOfCommand) as readonly NodeCommand[];
/** Calls that only read what this laptop keeps, or undo what was never there: they are answered also while nobody answers. */
const answered: ReadonlySet<ActingCall> = new Set(['force.disarm', 'operations.list', 'operations.transcript']);

describe.skipIf(cannot !== undefined)(`every call that acts on nodes of a region that was live${skipped}`, () => {
  test('is refused in words while the region is offline, and what is kept here is still answered', async (context) => {
    const { first } = await nodes(context, 'lab-c1');
    const running = await app(context);
    await trust(running, first.sshd);
    const id = await open(running, { login: keyLogin(first.sshd), seeds: [seedOf(first)] });
    await read(running, id, 'lab-c1');
    await running.stop();
    await first.close();
    const again = await app(context, { folder: running.folder });
    await again.call('regions.open', { regionId: id });
    const { region, nodes: rows } = await again.until(
      id,
      'offline',
      ({ region: { connection } }) => connection.kind === 'offline',
    );
    expect(rows).toHaveLength(4);
    for (const row of rows) {
      const inputs = actingInputs(id, row.id, row.name);
      for (const name of names) {
        const problem = await answerOf(again, name, inputs[name]);
        if (answered.has(name)) expect(`${name} ${problem?.code}`).toBe(`${name} undefined`);
        else if (problem === null) expect(`${name} was done`).toBe(`${name} was refused`);
        else expectHonest(name, problem);
      }
      for (const command of commands) {
        const decided = decisionContext(row, region, rows, Date.now());
        const decision = decide(command, decided);
        if (decision.kind !== 'refused') throw new Error(`${command} is ${decision.kind} on ${row.name}`);
        const { code, message } = refusalProblem(command, decided, decision);
        for (const name of callsOfCommand[command] ?? []) {
          const problem = await answerOf(again, name, inputs[name]);
          expect({ name, code: problem?.code, message: problem?.message }).toEqual({ name, code, message });
        }
      }
    }
  });

  for (const state of [
    'healthy',
    'in-maintenance',
    'dead-fenced-offline',
    'unclean-unfenced',
    'node-maintenance-mode',
  ]) {
    test(`in the state ${state} is refused in the same words as the interface has, and nothing is written for it`, async (context) => {
      const { first } = await nodes(context, { name: 'lab-c1', state: `${state}/lab-c1` });
      const running = await app(context);
      await trust(running, first.sshd);
      const id = await open(running, { login: keyLogin(first.sshd), seeds: [seedOf(first)] });
      await read(running, id, 'lab-c1');
      await live(running, id);
      let refused = 0;
      for (const { id: nodeId, name: nodeName } of (await running.call('regions.snapshot', { regionId: id })).nodes) {
        const inputs = actingInputs(id, nodeId, nodeName);
        for (const command of commands) {
          for (const name of callsOfCommand[command] ?? []) {
            const { region, nodes: rows } = await running.call('regions.snapshot', { regionId: id });
            const row = rows.find((one) => one.id === nodeId);
            if (row === undefined) throw new Error(`${nodeName} is gone`);
            const decided = decisionContext(row, region, rows, Date.now());
            const decision = decide(command, decided);
            if (decision.kind !== 'refused') continue;
            const { code, message, advice } = refusalProblem(command, decided, decision);
            const problem = await answerOf(running, name, inputs[name]);
            expect({
              on: nodeName,
              name,
              code: problem?.code,
              message: problem?.message,
              advice: problem?.advice,
            }).toEqual({
              on: nodeName,
              name,
              code,
              message,
              advice,
            });
            refused += 1;
          }
        }
      }
      expect(refused).toBeGreaterThan(0);
      expect(first.writes()).toEqual([]);
    });
  }

  test('on a node that allows it is judged by what its machines say, and told in words, whatever they say', async (context) => {
    const { first } = await nodes(context, 'lab-c1');
    const running = await app(context);
    await trust(running, first.sshd);
    const id = await open(running, { login: keyLogin(first.sshd), seeds: [seedOf(first)] });
    const { nodes: rows } = await read(running, id, 'lab-c1');
    for (const row of rows) {
      for (const name of names) {
        const problem = await answerOf(running, name, actingInputs(id, row.id, row.name)[name]);
        if (problem !== null) expectHonest(name, problem);
      }
    }
  });
});
