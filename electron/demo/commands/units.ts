import { moveScript } from '../../core/cluster/writes/move-script.ts';
import { unquotedWords } from '../sessions/quoting.ts';
import type { Engine } from '../world/engine.ts';
import { runRemoval } from '../world/membership.ts';
import { runMoveUnit, type MoveOrder } from '../world/move-unit.ts';
import type { DemoNode } from '../world/node.ts';
import { beginStop, startedUnit, unload } from '../world/unit-life.ts';
import type { World } from '../world/world.ts';
import { sectioned, toolSection, type Answer } from './command.ts';

/** `systemd-run`: `words` are its options and the command. `undefined`: a command that the simulation does not know. */
export function startUnit(
  world: World,
  engine: Engine,
  node: DemoNode,
  words: readonly string[],
): Partial<Answer> | undefined {
  const name = words.find((word) => word.startsWith('--unit='))?.slice('--unit='.length) ?? '';
  const known = node.units.get(name);
  if (known !== undefined && known.state !== 'gone')
    return {
      stderr: `Failed to start transient service unit: Unit ${name} was already loaded or has a fragment file.\n`,
      status: 1,
    };
  const unit = startedUnit(name, known);
  const at = words.indexOf('pcs');
  if (at >= 0 && removals.includes(words.slice(at, at + 4).join(' '))) {
    node.units.set(name, unit);
    runRemoval(world, unit, words.slice(at + 3));
    return {};
  }
  const order = moveOrder(words.at(-1) ?? '');
  if (order === undefined) return undefined;
  node.units.set(name, unit);
  runMoveUnit(world, engine, node, unit, order);
  return {};
}

const removals = ['pcs cluster node remove', 'pcs cluster node remove-remote'];

/** The move script's arguments, where this is the very script that the app starts. */
function moveOrder(base64: string): MoveOrder | undefined {
  const text = Buffer.from(base64, 'base64').toString('utf8');
  if (!text.startsWith('set -- ')) return undefined;
  const given = unquotedWords(text, 'set -- '.length);
  if (given === undefined || text.slice(given.end) !== `\n${moveScript}`) return undefined;
  const [resource = '', domain = '', source = '', target = '', mark = '', value = '', ...rest] = given.words;
  const [mibPerSecond = 0, moveSeconds = 0, handBackSeconds = 0, unmanagedUntil = 0] = rest.slice(0, 4).map(Number);
  const unmanaging = rest[4] ?? '';
  return {
    resource,
    domain,
    source,
    target,
    mark,
    value,
    mibPerSecond,
    moveSeconds,
    handBackSeconds,
    unmanagedUntil,
    unmanaging,
  };
}

/** `showUnit`. */
export const answerShowUnit = sectioned(({ node, args: [name = ''] }) => {
  const unit = node.units.get(name);
  const isThere = unit !== undefined && unit.state !== 'gone';
  const active = !isThere ? 'inactive' : unit.state === 'failed' ? 'failed' : 'active';
  const sub = !isThere ? 'dead' : unit.state;
  return [
    toolSection('run', {
      stdout: `Result=${isThere ? unit.result : 'success'}\nExecMainStatus=${isThere ? unit.exitStatus : 0}\nLoadState=${isThere ? 'loaded' : 'not-found'}\nActiveState=${active}\nSubState=${sub}\n`,
    }),
    toolSection('journal', { stdout: journalText(node, name) }),
  ];
});

export function journalText(node: DemoNode, name: string): string {
  return (node.units.get(name)?.journal ?? []).map((line) => `${line}\n`).join('');
}

/** `forgetUnit`. */
export const answerForgetUnit = sectioned(({ node, args: [name = ''] }) => {
  const unit = node.units.get(name);
  if (unit?.state === 'running') return [toolSection('run', { stderr: `${name} is running\n`, status: 1 })];
  if (unit !== undefined) unload(unit);
  return [toolSection('run', {})];
});

const endedMs = 200;

/** `systemctl stop UNIT`: ends when the unit has. */
export function stopUnit(world: World, node: DemoNode, name: string): Promise<Partial<Answer>> {
  const { promise, resolve } = Promise.withResolvers<Partial<Answer>>();
  const unit = node.units.get(name);
  if (unit === undefined || unit.state === 'gone') {
    resolve({ stderr: `Failed to stop ${name}: Unit ${name} not loaded.\n`, status: 5 });
    return promise;
  }
  beginStop(unit);
  const look = (): void => {
    if (unit.state === 'running' && node.units.get(name) === unit) return void world.clock.after(endedMs, look);
    if (unit.state === 'exited') unload(unit);
    return resolve({});
  };
  look();
  return promise;
}
