import { expect, test } from 'vitest';
import { noOperationChoices } from '../../../../shared/model/cluster.ts';
import type { Operation, OperationVm } from '../../../../shared/model/operation.ts';
import { maintenance } from '../../../../electron/core/operations/commands/maintenance.ts';
import { emptyRecord } from '../../../../electron/core/operations/operation-words.ts';
import { waitingStep, waitingVm } from '../../../../electron/core/operations/view.ts';

const vm = (name: string, effect: OperationVm['effect'], change: Partial<OperationVm>): OperationVm => ({
  ...waitingVm(name, effect, 'c1'),
  ...change,
});

/** A maintenance with these choices whose steps have been done, and what it left of its VMs. */
function ended(choices: Partial<typeof noOperationChoices>, vms: readonly OperationVm[]): Operation {
  const steps = maintenance
    .steps({ ...emptyRecord, choices: { ...noOperationChoices, ...choices } })
    .map((step) => ({ ...waitingStep(step), state: 'done' as const }));
  return { node: 'c2', nodeName: 'c2', steps, vms } as unknown as Operation;
}
const moved = vm('moved', 'live-migrate', { state: 'moved', target: 'c1' });

test('“Move what can move now” ends Active and says why each VM is here still; of Activate, which an Active node has not, it says nothing', () => {
  const vms = [
    moved,
    vm('gpu', 'cannot-move', { state: 'stays' }),
    vm('wide', 'stop', { state: 'waiting' }),
    vm('slow', 'restart-elsewhere', { state: 'waiting' }),
    vm('bound', 'live-migrate', { state: 'moved', target: 'c3', detail: 'its pin is kept: without it …' }),
  ];
  const { outcome, left } = maintenance.outcome(ended({ movesOnlyWhatCan: true }, vms));
  expect(outcome).toBe('partly');
  expect(left).toEqual([
    'Still here, as planned: gpu (cannot move), wide (would be stopped), slow (not ticked). The node is Active.',
    'Stays where it went: moved on c1, bound on c3.',
    'bound: its pin is kept: without it ….',
  ]);
  expect(maintenance.outcome(ended({ movesOnlyWhatCan: true }, [moved])).left[0]).toBe(
    'No VM is left here. The node is Active.',
  );
});

test('R9: what was stopped as ticked is named at the end', () => {
  const gpu = vm('gpu', 'stop', { state: 'stopped' });
  expect(maintenance.outcome(ended({}, [moved, gpu])).left).toContain(
    'Stopped, as ticked, until there is a node for it: gpu.',
  );
});

test('who is In maintenance with cluster services that run is told what follows when the power is cut; with stopped ones nothing does', () => {
  const running = maintenance.outcome(ended({}, [moved]));
  expect(running.outcome).toBe('succeeded');
  expect(running.left).toEqual([
    expect.stringContaining('Activate brings them home'),
    'Its cluster services run: cut its power and the cluster fences it, which may switch it on again. Stop Cluster Services… first.',
  ]);
  expect(maintenance.outcome(ended({ stopsServices: true }, [])).left).toEqual([]);
});
