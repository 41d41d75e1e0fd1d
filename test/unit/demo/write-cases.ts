import { element } from '../../../electron/core/cluster/writes/xml-text.ts';
import { nvpair, regionMark, regionMarkPath } from '../../../electron/core/cluster/writes/configuration.ts';
import { guardedDelete, guardedMerge, guardedReplace, guardOf } from '../../../electron/core/cluster/writes/guarded.ts';
import { leaseValue, readLease, swapLease, takeLease } from '../../../electron/core/cluster/writes/leases.ts';
import { readClock } from '../../../electron/core/cluster/writes/moves.ts';
import { setResourceOption } from '../../../electron/core/cluster/writes/resource-meta.ts';
import { stage, stopped, vmOn, withoutQuorum, type Case } from './cases.ts';
import type { StillDemo } from './still-demo.ts';

const [token, other] = ['0123456789abcdef', 'fedcba9876543210'] as const;
const info = { owner: 'lab', purpose: 'capture', since: 1, termMs: 60_000 };
const [first, second, foreign] = [
  leaseValue(token, 0, info),
  leaseValue(token, 1, info),
  leaseValue(other, 0, info),
] as const;
const leaseName = 'rackside-lease-cap';
const guard = guardOf({ leaseName, token });
const lost = guardOf({ leaseName, token: other });
const path = regionMarkPath('rackside-cap');
const changes = regionMark('rackside-cap', 'one');

const taken = (demo: StillDemo) => demo.ask(stage.control, takeLease(leaseName, first).command);
const marked = async (demo: StillDemo): Promise<void> => {
  await taken(demo);
  await demo.ask(stage.control, guardedMerge({ guard, changes }).command);
};
const marks = (value: string) => {
  const [set] = regionMark('rackside-cap', value).crm_config ?? [];
  if (set === undefined) throw new Error('a mark is a set');
  return set;
};

/** On a control, with the texts. */
const on = (capture: string, ask: Case['ask'], more: Partial<Case> = {}): Case => ({
  capture,
  node: stage.control,
  ask,
  hasText: true,
  ...more,
});
const option =
  (value: string | null, name: 'allow-migrate' | 'target-role', by = guard) =>
  (demo: StillDemo) =>
    setResourceOption({ guard: by, resource: vmOn(demo, stage.source), name, value });

const leaseCases: readonly Case[] = [
  on('leases/read-none', () => readLease(leaseName)),
  on('leases/take-done', () => takeLease(leaseName, first)),
  on('leases/take-other', () => takeLease(leaseName, foreign), { before: taken }),
  on('leases/take-on-worker', () => takeLease(leaseName, foreign), { before: taken, node: stage.source }),
  on('leases/read-held', () => readLease(leaseName), { before: taken }),
  on('leases/swap-other', () => swapLease(leaseName, foreign, second), { before: taken }),
  on('leases/swap-done', () => swapLease(leaseName, first, second), { before: taken }),
  on('leases/take-no-quorum', () => takeLease('rackside-lease-nq', first), { before: withoutQuorum }),
  on('leases/take-not-connected', () => takeLease('rackside-lease-x', first), { before: stopped(stage.control) }),
];

const guardedCases: readonly Case[] = [
  on('writes/merge-written', () => guardedMerge({ guard, changes, unless: path }), { before: taken }),
  on('writes/merge-exists', () => guardedMerge({ guard, changes, unless: path }), { before: marked }),
  on('writes/merge-changed', () => guardedMerge({ guard, changes, requires: regionMarkPath('rackside-cap', 'two') }), {
    before: marked,
  }),
  on('writes/merge-lease-lost', () => guardedMerge({ guard: lost, changes }), { before: taken }),
  on('writes/merge-schema-breach', () => guardedMerge({ guard, changes: { nodes: [halfNode] } }), { before: taken }),
  on('writes/merge-no-quorum', () => guardedMerge({ guard, changes }), {
    before: async (demo) => {
      await taken(demo);
      withoutQuorum(demo);
    },
  }),
  on('writes/merge-not-connected', () => guardedMerge({ guard, changes }), { before: stopped(stage.control) }),
  on('writes/replace-written', () => guardedReplace({ guard, path, xml: marks('two') }), { before: marked }),
  on(
    'writes/replace-changed',
    () => guardedReplace({ guard, path: regionMarkPath('rackside-cap', 'nine'), xml: marks('two') }),
    { before: marked },
  ),
  on('writes/delete-lease-lost', () => guardedDelete({ guard: lost, path }), { before: marked }),
  on('writes/delete-written', () => guardedDelete({ guard, path }), { before: marked }),
  on('writes/delete-nothing-there', () => guardedDelete({ guard, path }), { before: taken, node: stage.source }),
  on('writes/delete-no-quorum', () => guardedDelete({ guard, path }), {
    before: async (demo) => {
      await taken(demo);
      withoutQuorum(demo);
    },
  }),
  on('writes/clock', () => readClock()),
];

const halfNode = element('node', { id: 'nobody' }, [
  element('instance_attributes', { id: 'nodes-nobody' }, [nvpair('nodes-nobody-standby', 'standby', 'on')]),
]);

const optionCases: readonly Case[] = [
  on('option/set', option('false', 'allow-migrate'), { before: taken }),
  on('option/set-again', option('true', 'allow-migrate'), {
    before: async (demo) => {
      await taken(demo);
      await demo.ask(stage.control, option('false', 'allow-migrate')(demo).command);
    },
  }),
  on('option/set-new', option('Stopped', 'target-role'), { before: taken }),
  on('option/unset', option(null, 'target-role'), { before: taken }),
  on('option/lease-lost', option('Stopped', 'target-role', lost), { before: taken }),
  on('option/no-quorum', option('Stopped', 'target-role'), {
    before: async (demo) => {
      await taken(demo);
      withoutQuorum(demo);
    },
  }),
  on('option/not-connected', option('Stopped', 'target-role'), { before: stopped(stage.control) }),
];

export const writeCases: readonly Case[] = [...leaseCases, ...guardedCases, ...optionCases];
