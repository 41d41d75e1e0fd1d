import {
  destroyDomains,
  startLibvirt,
  startServices as toStart,
  stopServices as toStop,
} from '../../core/cluster/writes/services.ts';
import { endDomain } from '../world/domains.ts';
import type { Engine } from '../world/engine.ts';
import { fence, lose, settle, startServices, stopServices } from '../world/node-life.ts';
import type { DemoNode } from '../world/node.ts';
import type { World } from '../world/world.ts';
import { noSocket, sectioned, toolSection, type Answer, type Command } from './command.ts';
import { journalText, startUnit, stopUnit } from './units.ts';

const libvirtScript = startLibvirt().command.args?.[2];
const destroyScript = destroyDomains([]).command.args?.[2];
const types = ['member', 'remote'] as const;
const startsServices = types.map((type) => toStart(type).command.args?.join(' '));
const stopsServices = types.map((type) => toStop(type).command.args?.join(' '));
/** The cluster finds a VM that ended by itself after this long: its monitor comes round. */
const monitorMs = 4_000;

/** The programs that are simulated, as families of commands. */
export const programs = [
  'stonith_admin fences',
  'stonith_admin confirms',
  'systemctl stops a unit',
  'systemctl stops services',
  'systemctl starts services',
  'systemd-run',
  'journalctl',
  'virsh domjobabort',
  'starts libvirt',
  'destroys domains',
] as const;
type Program = (typeof programs)[number];

const wordsOf = (args: readonly string[]): readonly string[] => (args[0] === 'timeout' ? args.slice(2) : args);

/** Which of them some words call; `undefined`: none. A tool's other verbs are other programs. */
export function programOf(args: readonly string[]): Program | undefined {
  const [program, verb = '', third = '', fourth = ''] = wordsOf(args);
  switch (program) {
    case 'stonith_admin':
      if (verb === '--confirm') return 'stonith_admin confirms';
      return verb === '--fence' || verb === '--reboot' ? 'stonith_admin fences' : undefined;
    case 'systemctl':
      if (verb === 'stop' && third.startsWith('rackside-')) return 'systemctl stops a unit';
      if (stopsServices.includes(args.join(' '))) return 'systemctl stops services';
      return startsServices.includes(args.join(' ')) ? 'systemctl starts services' : undefined;
    case 'systemd-run':
      return 'systemd-run';
    case 'journalctl':
      return verb === '-u' ? 'journalctl' : undefined;
    case 'virsh':
      return fourth === 'domjobabort' ? 'virsh domjobabort' : undefined;
    case '/bin/sh':
      if (third === libvirtScript) return 'starts libvirt';
      return third === destroyScript ? 'destroys domains' : undefined;
    default:
      return undefined;
  }
}

/** One program with its arguments (`run`), by its words. `onUnknown` hears of what the simulation does not know. */
export function programAnswer(engine: Engine, onUnknown: (node: string, words: string) => void): Command {
  return sectioned(async ({ world, node, args }) => {
    const answer = await runProgram(world, engine, node, args);
    if (answer === undefined) onUnknown(node.name, args.join(' '));
    return [toolSection('run', answer ?? { stderr: 'rackside-demo: unknown command\n', status: 127 })];
  });
}

function runProgram(
  world: World,
  engine: Engine,
  node: DemoNode,
  args: readonly string[],
): Partial<Answer> | undefined | Promise<Partial<Answer>> {
  const words = wordsOf(args);
  const third = words[2] ?? '';
  const program = programOf(args);
  switch (program) {
    case 'stonith_admin fences':
      return fences(world, node, words[1] ?? '', third);
    case 'stonith_admin confirms':
      return confirms(world, node, third);
    case 'systemctl stops a unit':
      return stopUnit(world, node, third);
    case 'systemctl starts services':
      if (node.services !== 'running') startServices(world, node);
      return {};
    case 'systemctl stops services':
      return endServices(world, node);
    case 'systemd-run':
      return startUnit(world, engine, node, words);
    case 'journalctl':
      return { stdout: journalText(node, third) };
    case 'virsh domjobabort':
      return abortJob(node, words.at(-1) ?? '');
    case 'starts libvirt':
      node.libvirt = 'running';
      return {};
    case 'destroys domains':
      return destroyAll(world, node, words.slice(4));
    case undefined:
      return undefined;
  }
}

/** What it complains; statuses are Pacemaker's own. */
const couldNot = (name: string, because: string, status: number): Partial<Answer> => ({
  stderr: `stonith_admin: Couldn't fence ${name}: ${because}\n`,
  status,
});

async function fences(world: World, node: DemoNode, verb: string, name: string): Promise<Partial<Answer>> {
  const target = world.nodes.get(name);
  if (!world.answersFor(node)) return couldNot(name, 'Transport endpoint is not connected', 102);
  if (target === undefined || target.role === 'none') return couldNot(name, 'No such device', 105);
  const isDone = await fence(world, target, verb === '--fence' ? 'off' : 'reboot', 'stonith_admin.4711');
  return isDone ? {} : couldNot(name, 'No data available', 1);
}

/** Of a name that nobody has it says nothing either. */
function confirms(world: World, node: DemoNode, name: string): Partial<Answer> {
  const target = world.nodes.get(name);
  if (!world.answersFor(node)) return couldNot(name, 'Transport endpoint is not connected', 102);
  if (target === undefined || target.role === 'none') return {};
  world.fencing.unshift({
    action: 'off',
    target: name,
    client: 'stonith_admin.4711',
    origin: node.name,
    delegate: 'a human',
    status: 'success',
    completedAt: world.clock.now(),
  });
  settle(world, target, 'off');
  world.changed(`(stonith) notice: Operation 'off' targeting ${name} by a human: success`);
  return {};
}

function endServices(world: World, node: DemoNode): Partial<Answer> {
  const isUnderOpenConnection = node.role === 'worker' && world.services.get(node.name)?.role === 'Started';
  if (isUnderOpenConnection) {
    node.services = 'stopped';
    lose(world, node);
  } else stopServices(world, node);
  return {};
}

/** virsh ends what it was asked for with an empty line, whether it was done or not. */
function abortJob(node: DemoNode, domain: string): Partial<Answer> {
  if (node.libvirt !== 'running') return noSocket;
  const found = node.domains.get(domain);
  if (found === undefined) return { stdout: '\n', stderr: `error: failed to get domain '${domain}'\n`, status: 1 };
  if (found.job === null)
    return {
      stdout: '\n',
      stderr: 'error: Requested operation is not valid: no job is active on the domain\n',
      status: 1,
    };
  found.job.abort();
  return { stdout: '\n' };
}

function destroyAll(world: World, node: DemoNode, names: readonly string[]): Partial<Answer> {
  if (node.libvirt !== 'running') return { ...noSocket, stderr: names.map(() => noSocket.stderr).join('') };
  const said = names.map((name) => {
    if (!node.domains.has(name)) return { out: '\n', error: `error: failed to get domain '${name}'\n` };
    endDomain(world, node, name, 'operation failed: domain is no longer running');
    world.clock.after(monitorMs, () => noticeEnd(world, node, name));
    return { out: `Domain '${name}' destroyed\n\n`, error: '' };
  });
  const stderr = said.map(({ error }) => error).join('');
  return { stdout: said.map(({ out }) => out).join(''), stderr, status: stderr === '' ? 0 : 1 };
}

function noticeEnd(world: World, node: DemoNode, name: string): void {
  const vm = world.vms.get(name);
  if (vm?.role !== 'Started' || node.domains.has(name) || vm.nodes[0] !== node.name) return;
  vm.nodes = [];
  vm.role = 'Stopped';
  world.changed(`(log_op_output) notice: Result of monitor operation for ${name} on ${node.name}: not running`);
}
