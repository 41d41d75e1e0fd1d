import { expect, test } from 'vitest';
import { objectionToGoingOn } from '../../../shared/lifecycle/going-on.ts';
import { operationCommands } from '../../../shared/model/operation.ts';
import { brake, inRegion, nodeIn, offline } from './contexts.ts';

test('R14: a mass failure holds up going on with what it holds up the start of, and not with an Activate', () => {
  const context = nodeIn('in-maintenance', inRegion({ brake }));
  const free = operationCommands.filter((command) => objectionToGoingOn(context, command) === undefined);
  expect(free).toEqual(['activate']);
});

test('a region that does not answer, or is open for reading only, and another machine behind the name hold up every command', () => {
  const contexts = [
    nodeIn('in-maintenance', inRegion({ connection: offline })),
    nodeIn('in-maintenance', inRegion({ readOnlyBecause: 'Its Pacemaker is not a tested one.' })),
    nodeIn('in-maintenance', { frozenBecause: 'Another machine answers for it.' }),
  ];
  for (const context of contexts)
    for (const command of operationCommands) expect(objectionToGoingOn(context, command)).toBeDefined();
  expect(objectionToGoingOn(nodeIn('in-maintenance'), 'maintenance')).toBeUndefined();
});
