import { expect, test } from 'vitest';
import { nodeStatuses } from '../../../shared/lifecycle/statuses.ts';
import { memberId } from '../../../shared/model/ids.ts';
import { noChoices } from '../../../shared/model/maintenance.ts';
import { rowOf } from '../../helpers/running-app.ts';
import { openDemo, type OpenedDemo } from './demo-region.ts';
import { eventually } from './driving.ts';

/** Off, or shows another host key than the one that is known. */
const silent = ['demo-w04', 'demo-w08', 'demo-w10'];

test('the app opens the demo region by its contract, reads every member that answers, and shows all 13 statuses', async (context) => {
  const opened = await openDemo(context);
  const { demo, running, id } = opened;
  const snapshot = await running.until(
    id,
    'live with every value of every member that answers, and all statuses',
    ({ region, nodes }) =>
      region.connection.kind === 'live' &&
      nodes.filter(({ cpuPercent, storageBytes }) => cpuPercent.kind === 'known' && storageBytes.kind === 'known')
        .length >=
        48 - silent.length &&
      new Set(nodes.map(({ status }) => status.status)).size === nodeStatuses.length,
    60_000,
  );
  const named = (status: string) =>
    snapshot.nodes.filter((row) => row.status.status === status).map((row) => row.hostname);
  expect(named('failed')).toEqual(['demo-w09']);
  expect(named('fenced')).toEqual(['demo-w04']);
  expect(named('unfencing')).toEqual(['demo-w05']);
  expect(named('entering-maintenance')).toEqual(['demo-w06']);
  expect(named('in-maintenance')).toEqual(['demo-w03']);
  expect(named('activating')).toEqual(['demo-w07']);
  expect(named('starting')).toEqual(['demo-w08']);
  expect(named('out')).toEqual(['demo-x5']);
  expect(snapshot.region.headroom).toMatchObject({ limit: 7, out: 5 });
  expect(snapshot.region.versions).toMatchObject({ pacemaker: '2.1.5', pcs: '0.11.5', libvirt: '9.0.0' });
  expect(snapshot.region.readOnlyBecause).toBeNull();
  expect(snapshot.region.questions.map(({ about, problem }) => [about, problem.code])).toEqual([
    ['demo-w10', 'host-key-changed'],
  ]);
  expect(rowOf(snapshot, 'demo-w01')).toMatchObject({ name: 'Zürich-Ost 1', tags: ['Ostreihe', 'größer'] });
  expect(demo.world.vms.size).toBe(400);

  // Who comes back holds nobody up: a maintenance can begin while its health is still being checked.
  await eventually('a maintenance is possible', () => readyFor(opened, 'demo-w01'), 20_000);
  // What was read of it before it came back says nothing: its services are read anew first.
  await running.until(id, 'what holds up the one that comes back is told', ({ nodes }) => {
    const status = nodes.find(({ hostname }) => hostname === 'demo-w05')?.status;
    return (
      status?.status === 'unfencing' &&
      status.reason === 'health check 1 of 3: its clock is more than 1 s off, by this laptop and by the other nodes'
    );
  });
}, 120_000);

/** Answers only where nothing stands in the way of a maintenance. */
async function readyFor({ running, id: regionId }: OpenedDemo, node: string): Promise<true | undefined> {
  const asked = { regionId, nodeId: memberId(node), choices: noChoices };
  const { checks } = await running.call('maintenance.prepare', asked);
  const blockers = checks.filter(({ state }) => state === 'blocker');
  if (blockers.length > 0) throw new Error(JSON.stringify(blockers));
  return true;
}
