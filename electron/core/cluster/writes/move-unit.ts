import { quote } from '../../ssh/quote.ts';
import { moveScript } from './move-script.ts';
import { configurationOf, togetherWith } from './configuration.ts';
import { pin, unitMark, unmanage } from './moves.ts';
import { shownWords } from './shown-command.ts';
import type { RunOutcome, ShownCommand } from './shown-command.ts';
import { forgetUnit, showUnit, startUnit, stopUnit, unitWords } from './unit.ts';
import type { StartOutcome } from './unit.ts';
import { clusterName } from './xml-text.ts';

/** Which unit: the VM's resource and the value of its mark. Another attempt is another value, so a unit's name is never used twice. */
export interface MoveUnitId {
  readonly resource: string;
  readonly value: string;
}

/** How long a move may take, and how long its parts. All in seconds. */
export interface MoveTimes {
  /** Longest migration; it is cancelled then. 0: nothing is migrated, the VM is only handed back. */
  readonly moveSeconds: number;
  /** Longest wait until it is handed back. Must exceed the longest operation timeout of other VMs: probes wait for their migrations. */
  readonly handBackSeconds: number;
  /** systemd ends the unit then: past everything that it may take by itself. */
  readonly runtimeSeconds: number;
  /** How long the unmanaging has to last from the unit's start: past the moment when nothing of it can run any more. */
  readonly careSeconds: number;
}

/** What a unit that is ended may still take to hand the VM back. */
const stopSeconds = 120;

/** Longest wait of the unit until the cluster leaves the VM alone. */
const letGoSeconds = 40;

/** The times of a move. `startSeconds`: what may pass between the reading of the clock and the unit's start. */
export function moveTimes(moveSeconds: number, handBackSeconds = 300, startSeconds = 60): MoveTimes {
  const runtimeSeconds = letGoSeconds + moveSeconds + 20 + handBackSeconds + 30;
  return {
    moveSeconds,
    handBackSeconds,
    runtimeSeconds,
    careSeconds: startSeconds + runtimeSeconds + stopSeconds + 30,
  };
}

/** In place of a source that is off by proof: nothing runs there, and nobody asks it. */
export const provenOff = '-';

/** A unit's name. Characters that systemd has no place for are written as `:` and two hex digits a byte. */
export function moveUnitName({ resource, value }: MoveUnitId): string {
  const bytes = Buffer.from(`${clusterName(value)}-${clusterName(resource)}`, 'utf8');
  const word = [...bytes].map((byte) => {
    const character = String.fromCodePoint(byte);
    return /[A-Za-z0-9_.-]/u.test(character) ? character : `:${byte.toString(16)}`;
  });
  return `rackside-${word.join('')}.service`;
}

/**
 * Starts the one unit that moves a VM (`move-script.ts`), on its source; with `moveSeconds: 0` on its source or target, to hand it back.
 * Only base64 passes through systemd, which would expand `$` in arguments (`$$`, `${x}` and a lone `$HOME` do not arrive as they were sent).
 */
export function startMoveUnit(
  id: MoveUnitId,
  move: {
    readonly domain: string;
    readonly source: string;
    readonly target: string;
    /** Bound of the migration; `null`: none. */
    readonly mibPerSecond: number | null;
    readonly times: MoveTimes;
    /** When the unmanaging ends (UTC ms by the DC's clock). A unit that moves writes it itself, as its first act (R31). */
    readonly unmanagedUntilMs: number;
  },
): ShownCommand<StartOutcome> {
  const { times, mibPerSecond } = move;
  const args = [
    clusterName(id.resource),
    move.domain,
    move.source === provenOff ? provenOff : clusterName(move.source),
    clusterName(move.target),
    unitMark(id.resource),
    clusterName(id.value),
    String(mibPerSecond === null ? 0 : Math.max(1, Math.round(mibPerSecond))),
    String(times.moveSeconds),
    String(times.handBackSeconds),
    String(Math.floor(move.unmanagedUntilMs / 1000)),
    times.moveSeconds === 0 ? '' : unmanagingOf(id, move),
  ];
  const text = `set -- ${args.map(quote).join(' ')}\n${moveScript}`;
  const shell = ['/bin/sh', '-c', 'eval "$(echo "$0" | base64 -d)"', Buffer.from(text, 'utf8').toString('base64')];
  const name = moveUnitName(id);
  const shownArgs = args.map((arg) => (arg.startsWith('<') ? '‹unmanages and pins›' : arg));
  const words = shownWords([...unitWords(name, times.runtimeSeconds, stopSeconds), '/bin/sh', '-c']);
  return {
    ...startUnit(name, shell, times.runtimeSeconds, stopSeconds),
    shown: `${words} ‹move-script› ${shownWords(shownArgs)}`,
  };
}

/** What the unit writes first: out of the cluster's care, bound to its target, in one transaction. */
function unmanagingOf(
  { resource, value }: MoveUnitId,
  { unmanagedUntilMs, target }: { readonly unmanagedUntilMs: number; readonly target: string },
): string {
  return configurationOf(togetherWith(unmanage(resource, unmanagedUntilMs, value), pin(resource, target))).text;
}

/** The last line of a move unit, or the one that says that the migration itself is over (`isEnd: false`). */
export interface MoveReport {
  readonly isEnd: boolean;
  /** Where the VM runs; `null`: it could not tell. */
  readonly on: string | null;
  readonly isManaged: boolean;
  /** Exit status of `virsh migrate`; 124: its time was over; -1: none was asked for; -2: there was no time for it. */
  readonly migrateStatus: number;
  /** 0 moved, 1 not moved (managed again), 2 place not known, 3 not settled, 4 not ours, 5 managed by somebody in the middle, 6 lost and started again by the cluster; -1: not ended. */
  readonly result: number;
  readonly seconds: number;
  readonly why: string;
}

export type MoveUnitState =
  | { readonly kind: 'running'; readonly report: MoveReport | null }
  /** `exitStatus: null`: systemd or a signal ended it; what is true has to be looked at. */
  | { readonly kind: 'ended'; readonly exitStatus: number | null; readonly report: MoveReport | null }
  /** systemd does not know it: never started here, forgotten, or the node was booted since. The journal may still have its report. */
  | { readonly kind: 'absent'; readonly report: MoveReport | null }
  | { readonly kind: 'unknown'; readonly because: string };

/** How a move unit stands; on the node where it was started. Asked every second or two while it runs. */
export function showMoveUnit(id: MoveUnitId): ShownCommand<MoveUnitState> {
  const shown = showUnit(moveUnitName(id));
  return {
    ...shown,
    parse: (output) => {
      const state = shown.parse(output);
      if (state.kind === 'unknown') return state;
      const { output: lines, ...rest } = state;
      return { ...rest, report: lastReport(lines) };
    },
  };
}

const reportLine =
  /^\{"rackside":"(moved|end)","vm":"[^"]*","on":"([^"]*)","managed":(true|false),"move_rc":(-?\d+),"rc":(-?\d+),"s":(\d+),"why":"([^"]*)"\}$/u;

function lastReport(lines: string): MoveReport | null {
  const match = lines
    .split('\n')
    .map((line) => reportLine.exec(line.trim()))
    .findLast((found) => found !== null);
  if (match === undefined || match === null) return null;
  const [, kind, on = '?', managed, migrateStatus, result, seconds, why = ''] = match;
  return {
    isEnd: kind === 'end',
    on: on === '?' ? null : on,
    isManaged: managed === 'true',
    migrateStatus: Number(migrateStatus),
    result: Number(result),
    seconds: Number(seconds),
    why: why.trim(),
  };
}

/** Cancels a move from outside: virsh is ended, the unit hands the VM back and only then stops (seconds; at most two minutes). */
export const stopMoveUnit = (id: MoveUnitId): ShownCommand<RunOutcome> => stopUnit(moveUnitName(id), stopSeconds);

/** Forgets a move unit that has ended; nothing happens to one that runs. Its report stays in the journal. */
export const forgetMoveUnit = (id: MoveUnitId): ShownCommand<RunOutcome> => forgetUnit(moveUnitName(id));
