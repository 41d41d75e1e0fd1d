import { endGroupScript } from '../../core/ssh/commands.ts';
import { releaseLease } from '../../core/cluster/writes/leases.ts';
import { guardedDelete, quorumGuard } from '../../core/cluster/writes/guarded.ts';
import { readClock } from '../../core/cluster/writes/moves.ts';
import { setResourceOption } from '../../core/cluster/writes/resource-meta.ts';
import { run } from '../../core/cluster/writes/shown-command.ts';
import { forgetUnit, showUnit } from '../../core/cluster/writes/unit.ts';
import { simulateCommand } from '../../core/cluster/pacemaker/read/simulate-command.ts';
import { keyscanCommand } from '../../core/cluster/keyscan.ts';
import { configurationCommand } from '../../core/cluster/pacemaker/read/configuration.ts';
import { fencingCommand } from '../../core/cluster/pacemaker/read/fencing.ts';
import { clusterReadCommand } from '../../core/cluster/pacemaker/read/read-command.ts';
import { transitionCommand } from '../../core/cluster/pacemaker/read/transition.ts';
import { versionsCommand } from '../../core/cluster/pacemaker/read/versions.ts';
import { watchLogCommand } from '../../core/cluster/pacemaker/read/watch-log.ts';
import { domainPlacesCommand } from '../../core/cluster/libvirt/read/domain-places.ts';
import { activeDomainsCommand, jobsCommand } from '../../core/cluster/libvirt/read/jobs.ts';
import { reachableTargetsCommand } from '../../core/cluster/libvirt/read/reachable-targets.ts';
import { cpuCommand } from '../../core/probes/cpu.ts';
import { disksCommand } from '../../core/probes/disks.ts';
import { domainsCommand } from '../../core/probes/domains.ts';
import { fastCommand } from '../../core/probes/fast.ts';
import { filesystemsCommand } from '../../core/probes/filesystems.ts';
import { linksCommand } from '../../core/probes/links.ts';
import { memoryCommand } from '../../core/probes/memory.ts';
import { pciDevicesCommand } from '../../core/probes/pci-devices.ts';
import { poolsCommand } from '../../core/probes/pools.ts';
import { servicesCommand, watchedUnits } from '../../core/probes/services.ts';
import { systemCommand } from '../../core/probes/system.ts';
import type { Engine } from '../world/engine.ts';
import {
  answerClusterRead,
  answerConfiguration,
  answerFencing,
  answerVersions,
  followLog,
  keyscanAnswer,
  transitionAnswer,
} from './cluster-reads.ts';
import { answerEndGroup, type Command } from './command.ts';
import { answerFast } from './fast.ts';
import {
  answerActiveDomains,
  answerDomainPlaces,
  answerDomains,
  answerJobs,
  answerPciDevices,
  answerReachableTargets,
} from './libvirt.ts';
import { answerLinks } from './network.ts';
import { programAnswer, programOf, programs } from './programs.ts';
import { simulateAnswer } from './simulate.ts';
import { answerDisks, answerPools } from './storage.ts';
import { answerCpu, answerFilesystems, answerMemory, answerSystem, servicesAnswer } from './system.ts';
import { answerForgetUnit, answerShowUnit } from './units.ts';
import { answerClock, answerGuarded, answerLease, answerResourceOption } from './writes.ts';

/** What the app follows is preceded by this (`FramedShell.stream`). */
const streamStart = 'exec 2>/dev/null\n';

/** Finds commands by the exact text of their scripts; whatever the app does not send word by word is not known. */
export interface Registry {
  find(script: string): Command | undefined;
  /** The family of what the app asks, one of `families`; `undefined`: it is not known. `args`: the command's own, without a nonce. */
  familyOf(script: string, args: readonly string[]): string | undefined;
  /** Everything that is answered. No capture of a real node, no answer: `test/unit/demo` holds each of them against one. */
  readonly families: readonly string[];
}

/** Every command the demo answers. `keyOf`: the host key that an address shows; `onUnknown` hears of programs that are not simulated. */
export function createRegistry(
  engine: Engine,
  keyOf: (address: string) => string | undefined,
  onUnknown: (unknown: { readonly node: string; readonly script: string }) => void,
): Registry {
  const unit = 'rackside-x.service';
  const option = { guard: quorumGuard, resource: 'x', name: 'target-role', value: null } as const;
  const runScript = run([], 1).command.script;
  const known: readonly (readonly [family: string, script: string, command: Command])[] = [
    ['fast', fastCommand.script, answerFast],
    ['cluster', clusterReadCommand('none').script, answerClusterRead],
    ['versions', versionsCommand.script, answerVersions],
    ['configuration', configurationCommand('none').script, answerConfiguration],
    ['fencing', fencingCommand('', 'none').script, answerFencing],
    ['transition', transitionCommand('none').script, transitionAnswer(engine)],
    ['log', watchLogCommand.script, followLog],
    ['system', systemCommand.script, answerSystem],
    ['cpu', cpuCommand.script, answerCpu],
    ['memory', memoryCommand.script, answerMemory],
    ['links', linksCommand.script, answerLinks],
    ['domains', domainsCommand.script, answerDomains],
    ['services', servicesCommand.script, servicesAnswer(watchedUnits)],
    ['filesystems', filesystemsCommand.script, answerFilesystems],
    ['pciDevices', pciDevicesCommand.script, answerPciDevices],
    ['disks', disksCommand.script, answerDisks],
    ['pools', poolsCommand.script, answerPools],
    ['jobs', jobsCommand([]).script, answerJobs],
    ['active domains', activeDomainsCommand.script, answerActiveDomains],
    ['domain places', domainPlacesCommand('', '', []).script, answerDomainPlaces],
    ['reachable targets', reachableTargetsCommand([]).script, answerReachableTargets],
    ['simulate', simulateCommand([], 'none').script, simulateAnswer(engine)],
    ['guarded write', guardedDelete({ guard: quorumGuard, path: 'x' }).command.script, answerGuarded],
    ['lease', releaseLease('x', '').command.script, answerLease],
    ['resource option', setResourceOption(option).command.script, answerResourceOption],
    ['clock', readClock().command.script, answerClock],
    ['show unit', showUnit(unit).command.script, answerShowUnit],
    ['forget unit', forgetUnit(unit).command.script, answerForgetUnit],
    ['program', runScript, programAnswer(engine, (node, script) => onUnknown({ node, script }))],
    ['end group', endGroupScript, answerEndGroup],
    ['keyscan', keyscanCommand([]).script, keyscanAnswer(keyOf)],
  ];
  const commands = new Map(known.map(([, script, command]) => [script, command]));
  const families = new Map(known.map(([family, script]) => [script, family]));
  const plain = (script: string): string =>
    script.startsWith(streamStart) ? script.slice(streamStart.length) : script;
  return {
    find: (script) => commands.get(plain(script)),
    familyOf: (script, args) => (script === runScript ? programOf(args) : families.get(plain(script))),
    families: [...families.values()].flatMap((family) => (family === 'program' ? programs : [family])),
  };
}
