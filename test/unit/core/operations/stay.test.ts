import { expect, test } from 'vitest';
import { emptyNodeRecord } from '../../../../shared/model/cluster.ts';
import { known, unknown, type Reading } from '../../../../shared/model/reading.ts';
import { remove } from '../../../../electron/core/operations/commands/remove.ts';
import { machineSays } from './machine-says.ts';
import { runStep, stepWorld } from './step-world.ts';

const [stay] = remove.undo;
const opened = 'option stay lab-w1 target-role=';

/** The removal of a Worker is given up; this is what its machine says of pacemaker_remote, and whether its maintenance has stopped it. */
async function givenUp(services: Reading<boolean>, isStopped: boolean) {
  const world = stepWorld('lab-w1');
  const { records } = world.answer;
  const maintenance = { by: 'anna', reason: 'psu', at: 1, isStopped, movedVms: [] };
  const nodes = { 'lab-w1': { ...emptyNodeRecord, maintenance } };
  world.answer = { ...world.answer, records: { ...records, nodes } };
  machineSays(world, services);
  const words = await runStep(world, stay!);
  return { words, isOpened: world.sent.includes(opened) };
}

test('R16: a Worker whose removal is given up has its connection opened again only where its service runs: else it would be fenced', async () => {
  const now = stepWorld().time.clock.now();
  const runs = (is: boolean) => known(is, now, 60_000);
  const closed: unknown = expect.stringContaining('its connection stays closed');
  expect(await givenUp(runs(true), false)).toEqual({ words: '', isOpened: true });
  expect(await givenUp(runs(false), false)).toEqual({ words: closed, isOpened: false });
  expect(await givenUp(unknown('it did not answer'), false)).toEqual({ words: closed, isOpened: false });
  expect(await givenUp(known(true, now - 1000, 60_000), false)).toEqual({ words: closed, isOpened: false });
  // Stopped on purpose: nobody starts it by himself.
  expect(await givenUp(runs(true), true)).toEqual({ words: closed, isOpened: false });
});
