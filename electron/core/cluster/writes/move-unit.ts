import { quote } from '../../ssh/quote.ts';
import { section, sectionScript } from '../../ssh/sections.ts';
import type { SectionedOutput } from '../../ssh/sections.ts';
import { moveScript } from './move-script.ts';
import { unitMark } from './moves.ts';
import { run, scriptStart, sectionsOf, shownWords } from './shown-command.ts';
import type { RunOutcome, ShownCommand } from './shown-command.ts';
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
  /** How long the unmanaging has to last from the unit's start: past the moment when nothing of the unit can run any more. */
  readonly careSeconds: number;
}

const stopSeconds = 120;

/** The times of a move. `startSeconds`: what may pass between the unmanaging and the unit's start. */
export function moveTimes(moveSeconds: number, handBackSeconds = 300, startSeconds = 60): MoveTimes {
  const runtimeSeconds = moveSeconds + 20 + handBackSeconds + 30;
  return {
    moveSeconds,
    handBackSeconds,
    runtimeSeconds,
    careSeconds: startSeconds + runtimeSeconds + stopSeconds + 30,
  };
}

/** A unit's name. Characters that systemd has no place for are written as `:` and two hex digits a byte. */
export function moveUnitName({ resource, value }: MoveUnitId): string {
  const bytes = Buffer.from(`${clusterName(value)}-${clusterName(resource)}`, 'utf8');
  const word = [...bytes].map((byte) => {
    const character = String.fromCodePoint(byte);
    return /[A-Za-z0-9_.-]/u.test(character) ? character : `:${byte.toString(16)}`;
  });
  const name = `rackside-${word.join('')}.service`;
  if (name.length > 255) throw new Error('The name of a move unit is longer than systemd takes.');
  return name;
}

export type StartOutcome =
  | { readonly kind: 'started' }
  /** The same unit was started before: it is followed, not started again. */
  | { readonly kind: 'exists' }
  | { readonly kind: 'not-started'; readonly exitStatus: number; readonly because: string }
  /** The answer was lost: `showMoveUnit` tells whether it runs. */
  | { readonly kind: 'not-proven'; readonly because: string };

/**
 * Starts the one unit that moves a VM (`move-script.ts`), on its source; with `moveSeconds: 0` on its source or target, to hand it back.
 * Only base64 passes through systemd, which would expand `$` in arguments (`$$`, `${x}` and a lone `$HOME` vanish up to version 253, and
 * unless told otherwise after it).
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
    /** When the unmanaging ends, as it was written (UTC ms). */
    readonly unmanagedUntilMs: number;
  },
): ShownCommand<StartOutcome> {
  const { times, mibPerSecond } = move;
  const args = [
    clusterName(id.resource),
    move.domain,
    clusterName(move.source),
    clusterName(move.target),
    unitMark(id.resource),
    id.value,
    String(mibPerSecond === null ? 0 : Math.max(1, Math.round(mibPerSecond))),
    String(times.moveSeconds),
    String(times.handBackSeconds),
    String(Math.floor(move.unmanagedUntilMs / 1000)),
  ];
  const text = `set -- ${args.map(quote).join(' ')}\n${moveScript}`;
  const properties = ['RemainAfterExit=yes', `RuntimeMaxSec=${times.runtimeSeconds}`, `TimeoutStopSec=${stopSeconds}`];
  const start = [
    'systemd-run',
    '-q',
    `--unit=${moveUnitName(id)}`,
    ...properties.flatMap((property) => ['-p', property]),
    '/bin/sh',
    '-c',
  ];
  const built = run(
    [...start, 'eval "$(echo "$0" | base64 -d)"', Buffer.from(text, 'utf8').toString('base64')],
    60_000,
  );
  return {
    ...built,
    shown: `${shownWords(start)} ‹the move script› ${shownWords(args)}`,
    parse: (output) => startOutcome(built.parse(output)),
  };
}

function startOutcome(outcome: RunOutcome): StartOutcome {
  if (outcome.kind === 'lost') return { kind: 'not-proven', because: outcome.because };
  if (outcome.exitStatus === 0) return { kind: 'started' };
  // systemd's words for a name that is loaded: 252 and later.
  if (/was already loaded|already exists/u.test(outcome.stderr)) return { kind: 'exists' };
  return { kind: 'not-started', exitStatus: outcome.exitStatus, because: outcome.stderr.trim() };
}

/** The last line of a move unit, or the one that says that the migration itself is over (`isEnd: false`). */
export interface MoveReport {
  readonly isEnd: boolean;
  /** Where the VM runs; `null`: it could not tell. */
  readonly on: string | null;
  readonly isManaged: boolean;
  /** Exit status of `virsh migrate`; 124: its time was over; -1: none was asked for; -2: there was no time for it. */
  readonly migrateStatus: number;
  /** 0 moved, 1 not moved (managed again), 2 place not known, 3 not settled, 4 not ours; -1: not ended. */
  readonly result: number;
  readonly seconds: number;
  readonly why: string;
}

export type MoveUnitState =
  | { readonly kind: 'running'; readonly report: MoveReport | null }
  /** `exitStatus: null`: systemd or a signal ended it; what is true has to be looked at. */
  | { readonly kind: 'ended'; readonly exitStatus: number | null; readonly report: MoveReport | null }
  /** systemd does not know it: never started here, reset, or the node was booted since. The journal may still have its report. */
  | { readonly kind: 'absent'; readonly report: MoveReport | null }
  | { readonly kind: 'unknown'; readonly because: string };

const showScript = sectionScript([
  scriptStart,
  section('run', 'systemctl show -p LoadState -p ActiveState -p SubState -p Result -p ExecMainStatus "$1"'),
  section('journal', `timeout 20 journalctl -u "$1" -o cat --no-pager -n 200 | grep '^{"rackside":' | tail -n 1`),
]);

/** How a move unit stands; on the node where it was started. Asked every second or two while it runs. */
export function showMoveUnit(id: MoveUnitId): ShownCommand<MoveUnitState> {
  const unit = moveUnitName(id);
  return {
    command: { script: showScript, args: [unit], privilege: 'root' },
    shown: `systemctl show ${unit}; journalctl -u ${unit} -o cat`,
    deadlineMs: 40_000,
    parse: parseUnitState,
  };
}

function parseUnitState(output: SectionedOutput): MoveUnitState {
  const answer = sectionsOf(output);
  if (answer.kind === 'lost') return { kind: 'unknown', because: answer.because };
  const { text, error, status } = answer.get('run');
  if (status !== 0) return { kind: 'unknown', because: error };
  const property = new Map(text.split('\n').map((line) => [line.split('=')[0], line.split('=').slice(1).join('=')]));
  const report = parseReport(answer.get('journal').text);
  if (property.get('LoadState') === 'not-found') return { kind: 'absent', report };
  switch (property.get('ActiveState')) {
    case 'active':
      return property.get('SubState') === 'exited'
        ? { kind: 'ended', exitStatus: 0, report }
        : { kind: 'running', report };
    case 'activating':
    case 'deactivating':
      return { kind: 'running', report };
    case 'failed': {
      const isExit = property.get('Result') === 'exit-code';
      return { kind: 'ended', exitStatus: isExit ? Number(property.get('ExecMainStatus')) : null, report };
    }
    case 'inactive':
      return { kind: 'absent', report };
    default:
      return { kind: 'unknown', because: `systemd said “${text.trim().slice(0, 200)}”` };
  }
}

function parseReport(line: string): MoveReport | null {
  const match =
    /^\{"rackside":"(moved|end)","vm":"[^"]*","on":"([^"]*)","managed":(true|false),"move_rc":(-?\d+),"rc":(-?\d+),"s":(\d+),"why":"([^"]*)"\}$/u.exec(
      line.trim(),
    );
  if (match === null) return null;
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
export function stopMoveUnit(id: MoveUnitId): ShownCommand<RunOutcome> {
  return run(['systemctl', 'stop', moveUnitName(id)], (stopSeconds + 20) * 1000);
}

/** Forgets a unit that has ended, whichever way; nothing happens to one that runs. Its report stays in the journal. */
export function forgetMoveUnit(id: MoveUnitId): ShownCommand<RunOutcome> {
  const unit = moveUnitName(id);
  const shown = `systemctl reset-failed ${unit}; systemctl stop ${unit}`;
  return { ...run([], 60_000), command: { script: forgetScript, args: [unit], privilege: 'root' }, shown };
}
const forgetScript = sectionScript([
  scriptStart,
  section(
    'run',
    `case $(systemctl show -p ActiveState -p SubState --value "$1" | tr '\\n' ' ') in
'failed '*) systemctl reset-failed "$1" ;;
'active exited '*) systemctl stop "$1" ;;
'inactive '*) : ;;
*) echo "$1 is running" >&2; false ;;
esac`,
  ),
]);
