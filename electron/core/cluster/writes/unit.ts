import { section, sectionScript } from '../../ssh/sections.ts';
import type { Section, SectionedOutput } from '../../ssh/sections.ts';
import { run, runText, scriptStart, sectionsOf, shownWords } from './shown-command.ts';
import type { RunOutcome, ShownCommand } from './shown-command.ts';

/**
 * A command as a unit of systemd: it outlives the channel that started it, runs once however often it is asked for, and its result stays
 * readable until it is forgotten (`RemainAfterExit`, never `--collect`: that forgets it at once). Lost by a reboot; its journal is not.
 */
export type StartOutcome =
  | { readonly kind: 'started' }
  /** The same unit was started before: it is followed, not started again (R3). */
  | { readonly kind: 'exists' }
  | { readonly kind: 'not-started'; readonly exitStatus: number; readonly because: string }
  /** The answer was lost: `showUnit` tells whether it runs. */
  | { readonly kind: 'not-proven'; readonly because: string };

/** Starts `args` as the unit `name` (`rackside-….service`), ended after `runtimeSeconds`. systemd expands `$$`, `${…}` and an argument that begins with `$`: none may be there. */
export function startUnit(
  name: string,
  args: readonly string[],
  runtimeSeconds: number,
  stopSeconds = 90,
): ShownCommand<StartOutcome> {
  if (args.some((arg) => /\$[${]|^\$/u.test(arg))) throw new Error('systemd would expand the “$” of an argument.');
  const built = run([...unitWords(name, runtimeSeconds, stopSeconds), ...args], 60_000);
  return { ...built, parse: (output) => startOutcome(built.parse(output)) };
}

/** The words before the command, for the transcript too. */
export function unitWords(name: string, runtimeSeconds: number, stopSeconds: number): readonly string[] {
  const properties = ['RemainAfterExit=yes', `RuntimeMaxSec=${runtimeSeconds}`, `TimeoutStopSec=${stopSeconds}`];
  // Without a description systemd writes the whole command into the journal, a script as base64 included.
  const unit = [`--unit=${unitName(name)}`, `--description=${name}`];
  return ['systemd-run', '-q', ...unit, ...properties.flatMap((property) => ['-p', property])];
}

/** @throws Error for what is no unit of ours. */
function unitName(name: string): string {
  if (!/^rackside-[A-Za-z0-9_.:-]+\.service$/u.test(name) || name.length > 255)
    throw new Error(`“${name}” is no unit of ours.`);
  return name;
}

function startOutcome(outcome: RunOutcome): StartOutcome {
  if (outcome.kind === 'lost') return { kind: 'not-proven', because: outcome.because };
  if (outcome.exitStatus === 0) return { kind: 'started' };
  // systemd's words for a name that is loaded.
  if (/was already loaded|already exists/u.test(outcome.stderr)) return { kind: 'exists' };
  return { kind: 'not-started', exitStatus: outcome.exitStatus, because: outcome.stderr.trim() };
}

export type UnitState =
  | { readonly kind: 'running'; readonly output: string }
  /** `exitStatus: null`: systemd or a signal ended it; what is true has to be looked at. */
  | { readonly kind: 'ended'; readonly exitStatus: number | null; readonly output: string }
  /** systemd does not know it: never started here, forgotten, or the node was booted since. The journal may still have its output. */
  | { readonly kind: 'absent'; readonly output: string }
  | { readonly kind: 'unknown'; readonly because: string };

const properties = '-p LoadState -p ActiveState -p SubState -p Result -p ExecMainStatus';
const showScript = sectionScript([
  scriptStart,
  section('run', `systemctl show ${properties} "$1"`),
  section('journal', 'timeout 20 journalctl -u "$1" -o cat --no-pager -n 200'),
]);

/** How a unit stands, with the end of what it printed; on the node where it was started. */
export function showUnit(name: string): ShownCommand<UnitState> {
  return {
    command: { script: showScript, args: [unitName(name)], privilege: 'root' },
    shown: `systemctl show ${properties} ${name}; journalctl -u ${name} -o cat`,
    deadlineMs: 40_000,
    parse: parseUnitState,
  };
}

function parseUnitState(output: SectionedOutput): UnitState {
  const answer = sectionsOf(output);
  if (answer.kind === 'lost') return { kind: 'unknown', because: answer.because };
  const shown = answer.get('run');
  if (shown.status !== 0) return { kind: 'unknown', because: shown.error };
  return stateOf(shown, answer.get('journal').text);
}

function stateOf({ text }: Section, output: string): UnitState {
  const property = new Map(text.split('\n').map((line) => [line.split('=')[0], line.split('=').slice(1).join('=')]));
  if (property.get('LoadState') === 'not-found') return { kind: 'absent', output };
  switch (property.get('ActiveState')) {
    case 'active':
      return property.get('SubState') === 'exited'
        ? { kind: 'ended', exitStatus: 0, output }
        : { kind: 'running', output };
    case 'activating':
    case 'deactivating':
      return { kind: 'running', output };
    case 'failed': {
      const isExit = property.get('Result') === 'exit-code';
      return { kind: 'ended', exitStatus: isExit ? Number(property.get('ExecMainStatus')) : null, output };
    }
    case 'inactive':
      return { kind: 'absent', output };
    default:
      return { kind: 'unknown', because: `systemd said “${text.trim().slice(0, 200)}”` };
  }
}

/** Ends a unit: SIGTERM, and SIGKILL when its time to stop is over. */
export function stopUnit(name: string, stopSeconds = 90): ShownCommand<RunOutcome> {
  return run(['systemctl', 'stop', unitName(name)], (stopSeconds + 20) * 1000);
}

/** Forgets a unit that has ended, whichever way; nothing happens to one that runs. What it printed stays in the journal. */
export function forgetUnit(name: string): ShownCommand<RunOutcome> {
  return runText(forgetScript, [unitName(name)], shownWords(['systemctl', 'stop', name]), 60_000);
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
