import { describe, expect, test } from 'vitest';
import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { leaveStep } from '../../../../electron/core/operations/steps/leave.ts';
import { markOutStep } from '../../../../electron/core/operations/steps/mark-out.ts';
import { runStep, stepWorld, type StepWorld } from './step-world.ts';

const failed = 'LoadState=loaded\nActiveState=failed\nSubState=failed\nResult=exit-code\nExecMainStatus=1\n';
const exited = 'LoadState=loaded\nActiveState=active\nSubState=exited\n';
const notChecked =
  'Error: Unable to determine whether this action will cause a loss of the quorum, use --force to override\n';
const willBeLost = 'Error: This action will cause a loss of the quorum, use --force to override\n';
const isForced = (line: string): boolean => line.includes('--force');

/** A control node is removed; pcs refuses with these words until it is forced. */
function removal(words: string): StepWorld & { words: string; readonly pcs: () => readonly string[] } {
  const world = Object.assign(stepWorld('lab-c2'), {
    words,
    pcs: () => world.sent.filter((line) => line.startsWith('systemd-run')),
  });
  world.unit = (name) =>
    name.includes('-forced') ? { properties: exited } : { properties: failed, journal: world.words };
  world.onSent = (line) => {
    if (!line.startsWith('systemd-run')) return { kind: 'ran', exitStatus: 0, stdout: '', stderr: '' };
    if (isForced(line)) world.answer = without(world.answer, 'lab-c2');
    return { kind: 'started' };
  };
  return world;
}

function without(answer: ClusterAnswer, node: string): ClusterAnswer {
  const isOther = ({ name }: { readonly name: string }) => name !== node;
  return { ...answer, nodes: answer.nodes.filter(isOther), members: answer.members.filter(isOther) };
}

describe('R17: pcs’s refusal', () => {
  test('is shown first, and forced by Continue alone', async () => {
    const world = removal(notChecked);
    const step = leaveStep();
    expect(await runStep(world, step)).toMatch(/^pcs refused to remove lab-c2: COROSYNC_QUORUM_LOSS_UNABLE_TO_CHECK/u);
    expect(world.pcs().map(isForced)).toEqual([false]);
    expect(await runStep(world, step)).toBe('the cluster does not name it any more');
    expect(world.pcs().map(isForced)).toEqual([false, false, true]);
  });

  test('that was shown by another process, or was another one, is shown anew', async () => {
    const world = removal(notChecked);
    const step = leaveStep();
    await runStep(world, step);
    expect(await runStep(world, leaveStep())).toMatch(/^pcs refused/u);
    world.words = `${notChecked}Error: Unable to connect to any remaining cluster node, use --force to override\n`;
    expect(await runStep(world, step)).toMatch(/^pcs refused/u);
    world.words = notChecked;
    expect(await runStep(world, step)).toMatch(/^pcs refused/u);
    expect(world.pcs().some(isForced)).toBe(false);
  });

  test('that foresees the loss of the quorum is never forced, however often it is continued', async () => {
    const world = removal(willBeLost);
    const step = leaveStep();
    for (let tries = 0; tries < 3; tries += 1) expect(await runStep(world, step)).toMatch(/^pcs refused/u);
    expect(world.pcs().some(isForced)).toBe(false);
  });

  test('R15: is not forced where by then quorum would not hold without the node', async () => {
    const world = removal(notChecked);
    const step = leaveStep();
    await runStep(world, step);
    const isDown = (name: string) => name === 'lab-c3';
    const { answer } = world;
    world.answer = {
      ...answer,
      quorum: { ...answer.quorum, votes: 1, neededVotes: 2, isQuorate: false },
      nodes: answer.nodes.map((node) => (isDown(node.name) ? { ...node, isOnline: false } : node)),
    };
    expect(await runStep(world, step)).toMatch(/^Quorum after the removal of lab-c2 is not proven/u);
    expect(world.pcs().some(isForced)).toBe(false);
  });
});

test('R16: its machine is marked Out while it is a member still, by its machine-id', async () => {
  const world = stepWorld('lab-c2');
  const merged: string[] = [];
  const { records } = world.answer;
  const record = { ...records.nodes['lab-c2']!, machineId: '8d1f04c2e7aa' };
  world.answer = { ...world.answer, records: { ...records, nodes: { ...records.nodes, 'lab-c2': record } } };
  world.onSent = (line, xml) => void merged.push(`${line} ${xml}`);
  await runStep(world, markOutStep);
  expect(merged).toHaveLength(1);
  expect(merged[0]).toMatch(/^merge mark-out .*rackside-out-8d1f04c2e7aa/u);
});
