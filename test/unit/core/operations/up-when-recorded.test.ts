import { expect, test } from 'vitest';
import type { ClusterAnswer, FenceEvent } from '#shared/model/cluster.ts';
import { decodeRecords } from '../../../../electron/core/cluster/pacemaker/read/records.ts';
import { isProvenOff } from '../../../../electron/core/lifecycle/proven-off.ts';
import { recordMaintenanceStep } from '../../../../electron/core/operations/steps/maintenance-record.ts';
import { runStep, stepWorld } from './step-world.ts';

const node = 'lab-c2';
const minute = 60_000;
const fenced = (completedAt: number): FenceEvent => ({
  action: 'reboot',
  target: node,
  status: 'success',
  delegate: 'lab-c1',
  client: 'x',
  completedAt,
  exitReason: '',
});

/** What the cluster answers once a maintenance of the node that is up was recorded, its newest fencing being of then. */
async function recorded(fencedAtOfCluster: number): Promise<ClusterAnswer> {
  const world = stepWorld(node);
  world.answer = { ...world.answer, fencing: [fenced(fencedAtOfCluster)] };
  world.onSent = (line, xml) => {
    const value = /name=\\"rackside-maintenance\\" value=\\"([^"\\]+)\\"/u.exec(xml)?.[1];
    if (!line.startsWith('merge record') || value === undefined) return;
    const records = decodeRecords([{ node, name: 'rackside-maintenance', value }]);
    world.answer = { ...world.answer, records };
  };
  expect(await runStep(world, recordMaintenanceStep)).toMatch(/^by/u);
  return world.answer;
}

const off = (answer: ClusterAnswer): ClusterAnswer => ({
  ...answer,
  nodes: answer.nodes.map((one) => (one.name === node ? { ...one, isOnline: false } : one)),
});

test.each([-10, 0, 10])(
  'R11: a fencing of before a maintenance was recorded proves nothing, one of after it does, by a laptop whose clock is %d minutes off',
  async (minutesAhead) => {
    // By the cluster's clock the maintenance is recorded when the laptop's says so less what that is ahead.
    const recordedAt = stepWorld().time.clock.now() - minutesAhead * minute;
    const answer = off(await recorded(recordedAt - minute));
    expect(isProvenOff(answer, node, 0)).toBe(false);
    const later = { ...answer, fencing: [fenced(recordedAt + minute), ...answer.fencing] };
    expect(isProvenOff(later, node, 0)).toBe(true);
  },
);
