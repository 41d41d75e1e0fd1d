import type { DemoUnit } from './node.ts';

/** A unit that systemd-run has just started; what an earlier one of its name printed stays in the journal. */
export function startedUnit(name: string, earlier: DemoUnit | undefined): DemoUnit {
  return {
    name,
    state: 'running',
    exitStatus: 0,
    result: 'success',
    journal: [...(earlier?.journal ?? []), `Started ${name}.`],
    isStopping: false,
    stop: null,
  };
}

/** systemd's words for the exit statuses that a unit of the app's ends with (`systemd.exec(5)`, process exit codes). */
const statusWords: Readonly<Record<number, string>> = {
  1: 'FAILURE',
  2: 'INVALIDARGUMENT',
  3: 'NOTIMPLEMENTED',
  4: 'NOPERMISSION',
  5: 'NOTINSTALLED',
  6: 'NOTCONFIGURED',
};

/** Its program has ended; `RemainAfterExit` keeps what ended well, unless it was being stopped. */
export function endUnit(unit: DemoUnit, status: number): void {
  const { name, journal } = unit;
  unit.exitStatus = status;
  unit.state = status === 0 ? 'exited' : 'failed';
  unit.result = status === 0 ? 'success' : 'exit-code';
  if (status !== 0) {
    journal.push(`${name}: Main process exited, code=exited, status=${status}/${statusWords[status] ?? 'n/a'}`);
    journal.push(`${name}: Failed with result 'exit-code'.`);
    if (unit.isStopping) journal.push(`Stopped ${name}.`);
  } else if (unit.isStopping) deactivate(unit);
}

/** `systemctl stop` of one that runs: its program hears of it, and goes on until it ends by itself. */
export function beginStop(unit: DemoUnit): void {
  if (unit.state !== 'running' || unit.isStopping) return;
  unit.isStopping = true;
  unit.journal.push(`Stopping ${unit.name}...`);
  unit.stop?.();
}

/** One that has ended is unloaded; its journal stays. */
export function unload(unit: DemoUnit): void {
  if (unit.state === 'exited') deactivate(unit);
  else if (unit.state === 'failed') unit.state = 'gone';
}

function deactivate(unit: DemoUnit): void {
  unit.journal.push(`${unit.name}: Deactivated successfully.`, `Stopped ${unit.name}.`);
  unit.state = 'gone';
}
