import { abortMigration, readClock, unitMark } from '../../../electron/core/cluster/writes/moves.ts';
import { guardedMerge, quorumGuard } from '../../../electron/core/cluster/writes/guarded.ts';
import { regionMark } from '../../../electron/core/cluster/writes/configuration.ts';
import { removeControl, removeWorker } from '../../../electron/core/cluster/writes/membership.ts';
import {
  forgetMoveUnit,
  moveTimes,
  showMoveUnit,
  startMoveUnit,
  stopMoveUnit,
  type MoveTimes,
} from '../../../electron/core/cluster/writes/move-unit.ts';
import { forgetUnit, showUnit, stopUnit } from '../../../electron/core/cluster/writes/unit.ts';
import { makeFault } from '../../../electron/demo/world/faults.ts';
import { stage, vmOn, withoutQuorum, type Case } from './cases.ts';
import type { StillDemo } from './still-demo.ts';

const unit = 'rackside-rm1.service';
const plainRemoval = { skipsOffline: false, overridden: [] } as const;
const forced = { skipsOffline: true, overridden: ['COROSYNC_QUORUM_LOSS_UNABLE_TO_CHECK'] } as const;
const connectionClosed = (demo: StillDemo): void => {
  const service = demo.world.services.get(stage.source);
  if (service === undefined) throw new Error('a worker has its connection');
  [service.role, service.nodes] = ['Stopped', []];
};

const at = (capture: string, node: string, ask: Case['ask'], before?: Case['before']): Case => ({
  capture,
  node,
  ask,
  hasText: true,
  ...(before === undefined ? {} : { before }),
});
const removal = (capture: string, remove: Case['ask'], before?: Case['before']): readonly Case[] => [
  at(capture.replace(/show-(.*)/u, '$1-start'), stage.control, remove, before),
  at(
    capture,
    stage.control,
    () => showUnit(unit),
    async (demo) => {
      await before?.(demo);
      await demo.ask(stage.control, remove(demo).command);
      demo.pass(70_000);
    },
  ),
];
const asked = async (demo: StillDemo): Promise<void> => {
  await demo.ask(stage.control, removeControl(unit, 'nobody', plainRemoval).command);
};
const ended = async (demo: StillDemo): Promise<void> => {
  await asked(demo);
  demo.pass(10_000);
};
const off = (demo: StillDemo): void => {
  const node = demo.world.nodes.get('demo-c3');
  if (node !== undefined) [node.power, node.services, node.membership] = ['off', 'stopped', 'offline'];
};

/** These are no controls any more. */
const without =
  (...names: readonly string[]) =>
  ({ world }: StillDemo): void => {
    for (const node of world.controls()) if (names.includes(node.name)) node.role = 'none';
  };

const silentWorker = (demo: StillDemo): void => {
  connectionClosed(demo);
  const node = demo.world.nodes.get(stage.source);
  if (node !== undefined) [node.power, node.services, node.membership] = ['off', 'stopped', 'offline'];
};

const removalCases: readonly Case[] = [
  at('units/show-absent', stage.control, () => showUnit('rackside-nothing.service')),
  at('units/forget-absent', stage.control, () => forgetUnit('rackside-nothing.service')),
  at('units/stop-absent', stage.control, () => stopUnit('rackside-nothing.service')),
  at('units/remove-unknown-control', stage.control, () => removeControl(unit, 'nobody', plainRemoval)),
  at('units/start-twice', stage.control, () => removeControl(unit, 'nobody', plainRemoval), asked),
  at('units/show-remove-unknown-control', stage.control, () => showUnit(unit), ended),
  at('units/forget-failed', stage.control, () => forgetUnit(unit), ended),
  at(
    'units/show-forgotten',
    stage.control,
    () => showUnit(unit),
    async (demo) => {
      await ended(demo);
      await demo.ask(stage.control, forgetUnit(unit).command);
    },
  ),
  ...removal('units/show-remove-unknown-worker', () => removeWorker(unit, 'nobody', plainRemoval)),
  ...removal('units/show-remove-control', () => removeControl(unit, 'demo-c2', plainRemoval), without('demo-c3')),
  ...removal('units/show-remove-no-quorum', () => removeControl(unit, 'demo-c3', plainRemoval), withoutQuorum),
  ...removal(
    'units/show-remove-last-control',
    () => removeControl(unit, 'demo-c1', plainRemoval),
    without('demo-c2', 'demo-c3'),
  ),
  ...removal('units/show-remove-silent', () => removeControl(unit, 'demo-c3', plainRemoval), off),
  ...removal(
    'units/show-remove-silent-skipped',
    () => removeControl(unit, 'demo-c3', { ...plainRemoval, skipsOffline: true }),
    off,
  ),
  ...removal('units/show-remove-silent-forced', () => removeControl(unit, 'demo-c3', forced), off),
  ...removal('units/show-remove-open-worker', () => removeWorker(unit, stage.source, plainRemoval)),
  ...removal('units/show-remove-worker', () => removeWorker(unit, stage.source, plainRemoval), connectionClosed),
  ...removal('units/show-remove-silent-worker', () => removeWorker(unit, stage.source, plainRemoval), silentWorker),
  ...removal(
    'units/show-remove-silent-worker-skipped',
    () => removeWorker(unit, stage.source, { skipsOffline: true }),
    silentWorker,
  ),
];

/** Where the move of a VM of the source's stands. */
type Moment = 'begun' | 'running' | 'ended' | 'forgotten';

interface Move {
  readonly mibPerSecond: number | null;
  readonly times?: MoveTimes;
  readonly hasMark?: boolean;
  readonly during?: (demo: StillDemo) => unknown;
}

const idOf = (demo: StillDemo) => ({ resource: vmOn(demo, stage.source), value: 'moved00000000000' });

async function start(demo: StillDemo, { mibPerSecond, times = moveTimes(90, 90) }: Move) {
  const clock = readClock();
  const now = clock.parse(await demo.ask(stage.control, clock.command)) ?? 0;
  const id = idOf(demo);
  const unmanagedUntilMs = now + times.careSeconds * 1000;
  const [domain, { source, target }] = [id.resource, stage];
  return startMoveUnit(id, { domain, source, target, mibPerSecond, times, unmanagedUntilMs });
}

const moved =
  (move: Move, moment: Moment) =>
  async (demo: StillDemo): Promise<void> => {
    const id = kept.get(demo) ?? idOf(demo);
    kept.set(demo, id);
    const changes = regionMark(unitMark(id.resource), id.value);
    if (move.hasMark !== false) await demo.ask(stage.control, guardedMerge({ guard: quorumGuard, changes }).command);
    starts.set(demo, await start(demo, move));
    if (moment === 'begun') return;
    await demo.ask(stage.source, starts.get(demo)?.command ?? never());
    demo.pass(1_500);
    if (moment === 'running') return;
    await move.during?.(demo);
    demo.pass(120_000);
    if (moment === 'forgotten') await demo.ask(stage.source, forgetMoveUnit(id).command);
  };
/** The VM that moves, which may be elsewhere by the time it is asked about; and what started its move. */
const kept = new WeakMap<StillDemo, { readonly resource: string; readonly value: string }>();
const starts = new WeakMap<StillDemo, Awaited<ReturnType<typeof start>>>();
const never = (): never => {
  throw new Error('it was begun before');
};
const moving = (demo: StillDemo) => kept.get(demo) ?? never();

const slow: Move = { mibPerSecond: 1 };
const libvirtOff: Move = {
  mibPerSecond: null,
  times: moveTimes(90, 60),
};
const withTargetOff = async (demo: StillDemo, moment: Moment): Promise<void> => {
  const target = demo.world.nodes.get(stage.target);
  if (target !== undefined) target.libvirt = 'stopped';
  await moved(libvirtOff, moment)(demo);
};
const aborted: Move = {
  ...slow,
  during: (demo) => demo.ask(stage.source, abortMigration(moving(demo).resource).command),
};
const stoppedMove: Move = {
  ...slow,
  during: (demo) => {
    const stop = demo.ask(stage.source, stopMoveUnit(moving(demo)).command);
    demo.pass(60_000);
    return stop;
  },
};
const fast: Move = { mibPerSecond: null };
const late: Move = { mibPerSecond: 1, times: moveTimes(5, 90) };
/** Its target dies as soon as it has arrived there. */
const lost: Move = {
  mibPerSecond: 1000,
  during(demo) {
    const { resource } = moving(demo);
    for (let ms = 0; demo.world.nodes.get(stage.source)?.domains.has(resource) === true && ms < 60_000; ms += 100)
      demo.pass(100);
    makeFault(demo.world, { kind: 'node-dies', node: stage.target }, () => undefined);
  },
};

const moveCase = (
  capture: string,
  move: Move,
  moment: Moment,
  ask: (demo: StillDemo) => ReturnType<Case['ask']>,
): Case => at(`move-units/${capture}`, stage.source, ask, moved(move, moment));
const shown = (demo: StillDemo) => showMoveUnit(moving(demo));
const forgets = (demo: StillDemo) => forgetMoveUnit(moving(demo));

const moveCases: readonly Case[] = [
  moveCase('moved-start', fast, 'begun', (demo) => starts.get(demo) ?? never()),
  moveCase('moved-ended', fast, 'ended', shown),
  moveCase('moved-forget', fast, 'ended', forgets),
  moveCase('moved-forgotten', fast, 'forgotten', shown),
  moveCase('aborted-running', slow, 'running', shown),
  moveCase('aborted-forget-running', slow, 'running', forgets),
  moveCase('aborted-ended', aborted, 'ended', shown),
  moveCase('aborted-forgotten', aborted, 'forgotten', shown),
  moveCase('stopped-ended', stoppedMove, 'ended', shown),
  moveCase('timedout-ended', late, 'ended', shown),
  moveCase('lost-ended', lost, 'ended', shown),
  moveCase('lost-forget', lost, 'ended', forgets),
  moveCase('lost-forgotten', lost, 'forgotten', shown),
  moveCase('not-ours-ended', { ...fast, hasMark: false }, 'ended', shown),
  at('move-units/target-off-ended', stage.source, shown, (demo) => withTargetOff(demo, 'ended')),
];

export const unitCases: readonly Case[] = [...removalCases, ...moveCases];
