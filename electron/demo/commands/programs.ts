import { destroyDomains, startLibvirt } from '../../core/cluster/writes/services.ts';
import { endDomain } from '../world/domains.ts';
import type { Engine } from '../world/engine.ts';
import { fence, lose, settle, startServices, stopServices } from '../world/node-life.ts';
import type { DemoNode } from '../world/node.ts';
import type { World } from '../world/world.ts';
import { sectioned, toolSection, type Answer, type Command } from './command.ts';
import { journalText, startUnit, stopUnit } from './units.ts';

const libvirtScript = startLibvirt().command.args?.[2];
const destroyScript = destroyDomains([]).command.args?.[2];
/** The cluster finds a VM that ended by itself after this long: its monitor comes round. */
const monitorMs = 4_000;

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
  const words = args[0] === 'timeout' ? args.slice(2) : args;
  const [program, second = '', third = ''] = words;
  switch (program) {
    case 'stonith_admin':
      return stonith(world, node, second, third);
    case 'systemctl':
      if (third.startsWith('rackside-')) return stopUnit(world, node, third);
      return clusterServices(world, node, second);
    case 'systemd-run':
      return startUnit(world, engine, node, words);
    case 'journalctl':
      return { stdout: journalText(node, third) };
    case 'virsh':
      return abortJob(node, words.at(-1) ?? '');
    case '/bin/sh':
      if (third === libvirtScript) {
        node.libvirt = 'running';
        return {};
      }
      return third === destroyScript ? destroyAll(world, node, words.slice(4)) : undefined;
    default:
      return undefined;
  }
}

async function stonith(world: World, node: DemoNode, verb: string, name: string): Promise<Partial<Answer>> {
  const target = world.nodes.get(name);
  if (target === undefined || target.role === 'none' || !world.answersFor(node))
    return { stderr: `Could not fence ${name}: No such device\n`, status: 1 };
  if (verb === '--confirm') {
    const completedAt = world.clock.now();
    world.fencing.unshift({
      action: 'off',
      target: name,
      client: 'stonith_admin.4711',
      origin: 'a human',
      status: 'success',
      completedAt,
    });
    settle(world, target, 'off');
    world.changed(`(stonith) notice: Operation 'off' targeting ${name} by a human: success`);
    return {};
  }
  const isDone = await fence(world, target, verb === '--fence' ? 'off' : 'reboot', 'stonith_admin.4711');
  return isDone ? {} : { stderr: `Could not fence ${name}: No data available\n`, status: 1 };
}

function clusterServices(world: World, node: DemoNode, verb: string): Partial<Answer> {
  if (verb === 'start') {
    if (node.services !== 'running') startServices(world, node);
    return {};
  }
  const isUnderOpenConnection = node.role === 'worker' && world.services.get(node.name)?.role === 'Started';
  if (isUnderOpenConnection) {
    node.services = 'stopped';
    lose(world, node);
  } else stopServices(world, node);
  return {};
}

function abortJob(node: DemoNode, domain: string): Partial<Answer> {
  const job = node.domains.get(domain)?.job;
  if (job === null || job === undefined)
    return { stderr: 'error: Requested operation is not valid: no job is active on the domain\n', status: 1 };
  job.abort();
  return { stdout: '\n' };
}

function destroyAll(world: World, node: DemoNode, names: readonly string[]): Partial<Answer> {
  const said = names.map((name) => {
    if (!node.domains.has(name)) return { out: '', error: `error: failed to get domain '${name}'\n` };
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
