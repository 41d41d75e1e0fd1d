import { domainPlacesCommand } from '../../../electron/core/cluster/libvirt/read/domain-places.ts';
import { activeDomainsCommand, jobsCommand } from '../../../electron/core/cluster/libvirt/read/jobs.ts';
import { reachableTargetsCommand } from '../../../electron/core/cluster/libvirt/read/reachable-targets.ts';
import {
  configurationCommand,
  understandConfiguration,
} from '../../../electron/core/cluster/pacemaker/read/configuration.ts';
import { fencingCommand, understandFencing } from '../../../electron/core/cluster/pacemaker/read/fencing.ts';
import { understand } from '../../../electron/core/cluster/pacemaker/read/read-cluster.ts';
import { clusterReadCommand } from '../../../electron/core/cluster/pacemaker/read/read-command.ts';
import { transitionCommand, understandTransition } from '../../../electron/core/cluster/pacemaker/read/transition.ts';
import { parseVersions, versionsCommand } from '../../../electron/core/cluster/pacemaker/read/versions.ts';
import { domainsCommand, domainsProbe } from '../../../electron/core/probes/domains.ts';
import { migrateDomain } from '../../../electron/demo/world/domains.ts';
import type { SectionedOutput } from '../../../electron/core/ssh/sections.ts';
import { stage, stopped, vmOn, withoutQuorum, type Case } from './cases.ts';
import type { StillDemo } from './still-demo.ts';

const on = (capture: string, node: string, ask: Case['ask'], before?: Case['before'], hasText = false): Case => ({
  capture,
  node,
  ask,
  hasText,
  ...(before === undefined ? {} : { before }),
});
const cluster = { command: clusterReadCommand('none'), parse: (output: SectionedOutput) => understand(output, 1) };
const configuration = {
  command: configurationCommand('none'),
  parse: (output: SectionedOutput) => understandConfiguration(output, 'none', 1),
};
const transition = { command: transitionCommand('none'), parse: understandTransition };
const fencingOf = (name: string) => ({ command: fencingCommand(name, 'none'), parse: understandFencing });
const versions = { command: versionsCommand, parse: parseVersions };
const off =
  (name: string) =>
  (demo: StillDemo): void => {
    const node = demo.world.nodes.get(name);
    if (node !== undefined) node.libvirt = 'stopped';
  };
const closed = (demo: StillDemo): void => {
  const service = demo.world.services.get(stage.source);
  if (service !== undefined) [service.role, service.nodes] = ['Stopped', []];
  stopped(stage.source)(demo);
};
/** A VM of the source's is on its way to the target; on both are as many others as on the lab's. */
const moving =
  (othersOnSource: number, othersOnTarget: number) =>
  (demo: StillDemo): void => {
    const { world } = demo;
    const [source, target] = [world.nodes.get(stage.source), world.nodes.get(stage.target)];
    const vm = world.vms.get(vmOn(demo, stage.source));
    if (source === undefined || target === undefined || vm === undefined) throw new Error('the demo has them');
    for (const [{ domains }, count] of [[source, othersOnSource] as const, [target, othersOnTarget] as const])
      for (const id of [...domains.keys()].filter((name) => name !== vm.id).slice(count)) domains.delete(id);
    migrateDomain(world, vm, source, target, 1, () => undefined);
    moved.set(demo, vm.id);
  };
const moved = new WeakMap<StillDemo, string>();
const movedIn = (demo: StillDemo): string => moved.get(demo) ?? '';
const otherOn = (demo: StillDemo): string =>
  [...(demo.world.nodes.get(stage.source)?.domains.keys() ?? [])].find((name) => name !== movedIn(demo)) ?? '';
const jobs = (...names: readonly string[]) => ({ command: jobsCommand(names) });

export const readCases: readonly Case[] = [
  on('read/control', stage.control, () => cluster),
  on('read/worker', stage.source, () => cluster),
  on('read/no-quorum', stage.control, () => cluster, withoutQuorum),
  on('read/control-stopped', stage.control, () => cluster, stopped(stage.control)),
  on('read/worker-stopped', stage.source, () => cluster, closed),
  on('read/groups', stage.control, () => cluster),
  on('versions/control', stage.control, () => versions, undefined, true),
  on('versions/worker', stage.source, () => versions, undefined, true),
  on('configuration/control', stage.control, () => configuration),
  on('configuration/groups', stage.control, () => configuration),
  on('configuration/not-connected', stage.control, () => configuration, stopped(stage.control), true),
  on('fencing/ok', stage.control, () => fencingOf('demo-c2')),
  on('fencing/ok-worker', stage.control, () => fencingOf(stage.source)),
  on('fencing/unknown-node', stage.control, () => fencingOf('nobody')),
  on('fencing/not-connected', stage.control, () => fencingOf('demo-c2'), stopped(stage.control), true),
  on('transition/idle', stage.control, () => transition, undefined, true),
  on('transition/not-connected', stage.control, () => transition, stopped(stage.control), true),
  on(
    'libvirt/domains-libvirt-off',
    stage.source,
    () => ({ command: domainsCommand, parse: (output: SectionedOutput) => domainsProbe.parse(output) }),
    off(stage.source),
    true,
  ),
  on('libvirt/active-source', stage.source, () => ({ command: activeDomainsCommand }), moving(1, 4)),
  on('libvirt/active-target', stage.target, () => ({ command: activeDomainsCommand }), moving(1, 4)),
  on('libvirt/jobs-source', stage.source, (demo) => jobs(movedIn(demo), otherOn(demo), 'nosuch'), moving(1, 4)),
  on('libvirt/jobs-target', stage.target, (demo) => jobs(movedIn(demo)), moving(1, 4)),
  on(
    'libvirt/places-moving',
    stage.source,
    (demo) => {
      const nodes = ['demo-w12', stage.target, stage.source, 'demo-w13'];
      return { command: domainPlacesCommand(movedIn(demo), stage.source, nodes) };
    },
    moving(1, 4),
  ),
  on('libvirt/active-libvirt-off', stage.source, () => ({ command: activeDomainsCommand }), off(stage.source), true),
  on('libvirt/jobs-libvirt-off', stage.source, () => ({ command: jobsCommand(['x']) }), off(stage.source), true),
  on(
    'libvirt/targets-libvirt-off',
    stage.source,
    () => ({ command: reachableTargetsCommand([stage.target, 'demo-w12']) }),
    off(stage.target),
  ),
  on(
    'libvirt/places-libvirt-off',
    stage.source,
    (demo) => ({
      command: domainPlacesCommand(
        [...(demo.world.nodes.get(stage.source)?.domains.keys() ?? [])][0] ?? '',
        stage.source,
        [stage.source, stage.target],
      ),
    }),
    off(stage.target),
  ),
];
