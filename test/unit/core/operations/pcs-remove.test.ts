import { describe, expect, test } from 'vitest';
import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { CancelledByPerson } from '../../../../electron/core/operations/run-steps.ts';
import { pcsIsOver } from '../../../../electron/core/operations/steps/pcs-remove.ts';
import { leaveStep } from '../../../../electron/core/operations/steps/leave.ts';
import { inTime, lost, runStep, stepWorld, type StepWorld } from './step-world.ts';

const running = 'LoadState=loaded\nActiveState=active\nSubState=running\n';
const absent = 'LoadState=not-found\nActiveState=inactive\n';
const exited = 'LoadState=loaded\nActiveState=active\nSubState=exited\n';

/** A removal of the Worker; `pcs` says how it stands on a node, once it was begun there. */
interface Removal extends StepWorld {
  /** The nodes on which pcs was begun, in their order. */
  readonly begun: string[];
  pcs: (node: string) => string;
}

function removal(cancelled?: AbortSignal): Removal {
  const begun: string[] = [];
  const world: Removal = Object.assign(stepWorld('lab-w1', cancelled), { begun, pcs: () => running });
  world.unit = (_, node) => ({ properties: world.pcs(node) });
  world.onSent = (line, _, node = '') => {
    if (!line.startsWith('systemd-run')) return { kind: 'ran', exitStatus: 0, stdout: '', stderr: '' };
    begun.push(node);
    return { kind: 'started' };
  };
  return world;
}

function leaves(world: StepWorld): void {
  const isOther = ({ name }: { readonly name: string }) => name !== 'lab-w1';
  const { nodes, members } = world.answer;
  world.answer = { ...world.answer, nodes: nodes.filter(isOther), members: members.filter(isOther) };
}

function isFenced(answer: ClusterAnswer, node: string, completedAt: number): ClusterAnswer {
  const event = { action: 'reboot', target: node, status: 'success', delegate: 'x', client: 'x' } as const;
  return {
    ...answer,
    nodes: answer.nodes.map((one) => (one.name === node ? { ...one, isOnline: false } : one)),
    fencing: [...answer.fencing, { ...event, completedAt, exitReason: '' }],
  };
}

/** The control node loses its power after the first look at pcs; it is fenced 10 s later, where a time is given. */
function diesMeanwhile(world: Removal, node: string, fencedAt: number | null): void {
  const looks = { count: 0 };
  const before = world.pcs;
  world.pcs = (on) => {
    if (on !== node) return before(on);
    looks.count += 1;
    if (looks.count === 1) return running;
    if (looks.count === 8 && fencedAt !== null) world.answer = isFenced(world.answer, node, fencedAt);
    return lost();
  };
}

const isAMember = 'lab-w1 is a member of the cluster still, and how pcs ended is not known: ';

describe('R2, R3: pcs whose control node dies', () => {
  test('is begun once more on another one as soon as that one is fenced', async () => {
    const world = removal();
    world.pcs = (on) => {
      if (on === 'lab-c2') leaves(world);
      return exited;
    };
    diesMeanwhile(world, 'lab-c1', 5000);
    expect(await runStep(world, leaveStep())).toBe('the cluster does not name it any more');
    expect(world.begun).toEqual(['lab-c1', 'lab-c2']);
    expect(world.record.units).toMatchObject([{ on: 'lab-c2', fencedAt: 0 }]);
  });

  test('is not begun elsewhere while no fencing since its beginning proves that it has ended', async () => {
    const world = removal();
    world.answer = isFenced(world.answer, 'lab-c1', 5000);
    world.answer = { ...world.answer, nodes: world.answer.nodes.map((one) => ({ ...one, isOnline: true })) };
    diesMeanwhile(world, 'lab-c1', null);
    expect(await runStep(world, leaveStep())).toBe(`${isAMember}lab-c1 does not say how pcs ended.`);
    expect(world.begun).toEqual(['lab-c1']);
    // Nor by a person's Continue, nor is it given up as if it were over.
    expect(await runStep(world, leaveStep())).toContain('Whether pcs still runs on lab-c1 is not known');
    await expect(inTime(world, pcsIsOver(world.context))).rejects.toThrow('Whether pcs still runs on lab-c1');
    expect(world.begun).toEqual(['lab-c1']);
  });

  test('has ended with a machine that was booted since, and is begun on another one', async () => {
    const world = removal();
    world.pcs = () => {
      if (world.begun.length === 1) return absent;
      leaves(world);
      return exited;
    };
    expect(await runStep(world, leaveStep())).toBe('the cluster does not name it any more');
    expect(world.begun).toEqual(['lab-c1', 'lab-c2']);
  });

  test('had come through: nothing is begun again', async () => {
    const world = removal();
    world.pcs = () => {
      leaves(world);
      return absent;
    };
    expect(await runStep(world, leaveStep())).toBe('the cluster does not name it any more');
    expect(world.begun).toEqual(['lab-c1']);
  });

  test('is begun twice at most by itself', async () => {
    const world = removal();
    world.pcs = () => absent;
    expect(await runStep(world, leaveStep())).toContain('lab-c2, which ran it, was fenced or booted meanwhile');
    expect(world.begun).toHaveLength(2);
  });

  test('R6: a Cancel meanwhile counts: it is not begun again', async () => {
    const cancelling = new AbortController();
    const world = removal(cancelling.signal);
    world.pcs = () => {
      cancelling.abort();
      return absent;
    };
    await expect(runStep(world, leaveStep())).rejects.toThrow(CancelledByPerson);
    expect(world.begun).toEqual(['lab-c1']);
  });

  test('R14: a brake refuses that it is begun again', async () => {
    const world = removal();
    world.brake = {
      since: world.time.clock.now(),
      nodes: ['lab-c1', 'lab-c3'],
      words: 'They failed.',
      liftedUntil: null,
    };
    world.pcs = () => absent;
    expect(await runStep(world, leaveStep())).toMatch(/^Continue of lab-w1 .* was refused/u);
    expect(world.begun).toEqual(['lab-c1']);
  });
});

describe('R3: pcs that an earlier process has begun', () => {
  test('whose start was on its way still when it was looked for is waited for by a roll back', async () => {
    const world = removal();
    world.record = { ...world.record, units: [{ name: 'rackside-remove-a.service', on: 'lab-c3', fencedAt: 0 }] };
    const said = [absent, running, running, exited];
    world.pcs = () => said.shift() ?? exited;
    await inTime(world, pcsIsOver(world.context));
    expect(said).toEqual([]);
  });

  test('that never began, or is forgotten, is over after two looks', async () => {
    const world = removal();
    world.record = { ...world.record, units: [{ name: 'rackside-remove-a.service', on: 'lab-c3', fencedAt: 0 }] };
    const looks = { count: 0 };
    world.pcs = () => {
      looks.count += 1;
      return absent;
    };
    await inTime(world, pcsIsOver(world.context));
    expect(looks.count).toBeGreaterThan(1);
  });

  test('is followed where it runs, on whichever control node', async () => {
    const world = removal();
    world.record = { ...world.record, units: [{ name: 'rackside-remove-a.service', on: 'lab-c3', fencedAt: 0 }] };
    const looks = { count: 0 };
    world.pcs = (on) => {
      looks.count += 1;
      if (on !== 'lab-c3' || looks.count < 3) return running;
      leaves(world);
      return exited;
    };
    expect(await runStep(world, leaveStep())).toBe('the cluster does not name it any more');
    expect(world.begun).toEqual([]);
  });
});
