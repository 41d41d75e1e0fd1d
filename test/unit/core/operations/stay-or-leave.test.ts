import { describe, expect, test } from 'vitest';
import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { remove } from '../../../../electron/core/operations/commands/remove.ts';
import { leaveStep, leftConfigured } from '../../../../electron/core/operations/steps/leave.ts';
import { leftoversStep } from '../../../../electron/core/operations/steps/leftovers.ts';
import { known } from '#shared/model/reading.ts';
import { silence } from '../lifecycle/preflight/nodes-of.ts';
import { machineSays } from './machine-says.ts';
import { lost, runStep, stepWorld, type StepWorld } from './step-world.ts';

const running = 'LoadState=loaded\nActiveState=active\nSubState=running\n';
const exited = 'LoadState=loaded\nActiveState=active\nSubState=exited\n';
const [stay] = remove.undo;

const without = (answer: ClusterAnswer, node: string): ClusterAnswer => ({
  ...answer,
  nodes: answer.nodes.filter(({ name }) => name !== node),
  members: answer.members.filter(({ name }) => name !== node),
});

/** A removal that is given up: its node is marked, and pcs was begun on lab-c3. */
function givenUp(node = 'lab-w1'): StepWorld {
  const world = stepWorld(node);
  const { records } = world.answer;
  const startedAt = world.time.clock.now();
  const mark = { machineId: 'd5'.repeat(16), name: node, address: null, by: 'anna', at: startedAt };
  world.answer = { ...world.answer, records: { ...records, out: [mark] } };
  world.record = {
    ...world.record,
    startedAt,
    units: [{ name: 'rackside-remove-a.service', on: 'lab-c3', fencedAt: 0 }],
  };
  world.unit = () => ({ properties: exited });
  // What is read when it is asked is of later than now.
  machineSays(world, known(true, startedAt + 3_600_000, 60_000));
  return world;
}

const unmarked = expect.stringMatching(/^delete .*rackside-out-d5d5/u) as string;
const reopened = 'option stay lab-w1 target-role=';

describe('R16: a removal that is given up', () => {
  test('takes the mark back of a node that stays, and opens its connection again', async () => {
    const world = givenUp();
    await runStep(world, stay!);
    expect(world.sent).toEqual([unmarked, reopened]);
    // A control node has no connection.
    const control = givenUp('lab-c2');
    await runStep(control, stay!);
    expect(control.sent).toEqual([unmarked]);
  });

  test('waits for the end of pcs first: a connection that is opened while pcs ends its service has the node fenced', async () => {
    const world = givenUp();
    let looks = 0;
    world.unit = () => ({ properties: (looks += 1) < 5 ? running : exited });
    const seen: number[] = [];
    world.onSent = () => void seen.push(looks);
    await runStep(world, stay!);
    expect(world.sent).toEqual([unmarked, reopened]);
    expect(seen).toEqual([5, 5]);
  });

  test('changes nothing while nobody can say whether pcs still runs', async () => {
    const world = givenUp();
    world.unit = () => lost();
    expect(await runStep(world, stay!)).toMatch(/^Whether pcs still runs on lab-c3 is not known/u);
    expect(world.sent).toEqual([]);
  });

  test('keeps the mark of a node that pcs has taken out by then', async () => {
    const world = givenUp();
    world.unit = () => {
      world.answer = without(world.answer, 'lab-w1');
      return { properties: exited };
    };
    await runStep(world, stay!);
    expect(world.sent).toEqual([]);
  });
});

describe('R11: pcs leaves a node its configuration', () => {
  /** A control node that pcs takes out; it does not answer. */
  function silent(
    isStatedOff: boolean,
    seen: Partial<ClusterAnswer['nodes'][number]> = { isOnline: false },
  ): StepWorld {
    const world = stepWorld('lab-c2');
    const { nodes, quorum } = world.answer;
    world.answer = {
      ...world.answer,
      quorum: { ...quorum, votes: 2 },
      nodes: nodes.map((one) => (one.name === 'lab-c2' ? { ...one, ...seen } : one)),
    };
    world.record = { ...world.record, choices: { ...world.record.choices, isStatedOff } };
    const { reachability } = silence;
    Object.assign(world.context.region, { readNode: async () => ({ observation: { reachability } }) });
    world.unit = () => ({ properties: exited });
    world.onSent = (line) => {
      if (line.startsWith('systemd-run')) world.answer = without(world.answer, 'lab-c2');
      return { kind: line.startsWith('systemd-run') ? 'started' : 'ran', exitStatus: 0, stdout: '', stderr: '' };
    };
    return world;
  }
  const pcs = ({ sent }: StepWorld) => sent.filter((line) => line.startsWith('systemd-run'));

  test('where it is silent and known to be off, and says so', async () => {
    const world = silent(true);
    expect(await runStep(world, leaveStep())).toBe(leftConfigured);
    expect(pcs(world)).toEqual([expect.stringContaining('--skip-offline')]);
  });

  test('never where it is silent, and nothing proves that it is off: it would go on as a cluster of its own', async () => {
    const world = silent(false);
    expect(await runStep(world, leaveStep())).toMatch(/^lab-c2 does not answer any more, and no fencing/u);
    expect(pcs(world)).toEqual([]);
  });

  test('nor where it was stated to be off, and the cluster sees it online', async () => {
    const world = silent(true, {});
    expect(await runStep(world, leaveStep())).toMatch(/^lab-c2 does not answer any more, and no fencing/u);
    expect(pcs(world)).toEqual([]);
  });

  test('never where it answers', async () => {
    const world = silent(true);
    const reachability = { kind: 'reachable', at: 0 };
    Object.assign(world.context.region, { readNode: async () => ({ observation: { reachability } }) });
    expect(await runStep(world, leaveStep())).toBe('the cluster does not name it any more');
    expect(pcs(world)).toEqual([expect.not.stringContaining('--skip-offline')]);
  });
});

describe('R9: a constraint that names a node which is gone', () => {
  const [preference, rule] = ['location-vm4-lab-c3-50', 'location-gpu1'];

  /** What is deleted is not there any more. */
  function gone(simulates: (edits: string) => string): StepWorld {
    const world = stepWorld('lab-c3');
    world.simulates = (edits) => simulates(edits.join(' '));
    world.onSent = (line) => {
      const id = /@id="([^"]*)"/u.exec(line)?.[1] ?? '';
      world.cib = world.cib.replace(new RegExp(`<rsc_location id="${id}"(?:[^>]*/>|.*?</rsc_location>)`, 'su'), '');
      return undefined;
    };
    return world;
  }
  const deleted = (id: string) => `delete constraints/*[@id="${id}"]`;

  test('is dropped where the cluster’s own simulation touches no VM', async () => {
    const world = gone(() => '');
    expect(await runStep(world, leftoversStep)).toBe('');
    expect(world.sent).toEqual([deleted(preference), deleted(rule)]);
  });

  test.each([
    ['move a VM', '<rsc_action action="migrate" resource="vm1" source="lab-c2" dest="lab-c1"/>'],
    ['fence a node', '<node_action task="Fence (reboot)" node="lab-c2" reason="x"/>'],
  ])('is kept, and told, where without it the cluster would %s; the other is dropped', async (_what, action) => {
    const world = gone((edits) => (edits.includes(preference) ? action : ''));
    expect(await runStep(world, leftoversStep)).toBe(
      `kept, because without them the cluster would move VMs: ${preference}`,
    );
    expect(world.sent).toEqual([deleted(rule)]);
  });

  test('is not touched where the simulation says nothing', async () => {
    const world = gone(() => '<rsc_action');
    expect(await runStep(world, leftoversStep)).toMatch(
      /^What happens without the constraint .* could not be simulated/u,
    );
    expect(world.sent).toEqual([]);
  });
});
