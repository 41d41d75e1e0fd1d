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
import type { Command } from './command.ts';
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
import { programAnswer } from './programs.ts';
import { simulateAnswer } from './simulate.ts';
import { answerDisks, answerPools } from './storage.ts';
import { answerCpu, answerFilesystems, answerMemory, answerSystem, servicesAnswer } from './system.ts';
import { answerForgetUnit, answerShowUnit } from './units.ts';
import { answerClock, answerGuarded, answerLease, answerResourceOption } from './writes.ts';

/** What the app follows is preceded by this (`FramedShell.stream`). */
const streamStart = 'exec 2>/dev/null\n';

/** Finds a command by the exact text of its script; whatever the app does not send word by word is not known. */
export type Registry = (script: string) => Command | undefined;

/** Every command the demo answers. `keyOf`: the host key that an address shows; `onUnknown` hears of programs that are not simulated. */
export function createRegistry(
  engine: Engine,
  keyOf: (address: string) => string | undefined,
  onUnknown: (unknown: { readonly node: string; readonly script: string }) => void,
): Registry {
  const unit = 'rackside-x.service';
  const option = { guard: quorumGuard, resource: 'x', name: 'target-role', value: null } as const;
  const commands = new Map<string, Command>([
    [fastCommand.script, answerFast],
    [clusterReadCommand('none').script, answerClusterRead],
    [versionsCommand.script, answerVersions],
    [configurationCommand('none').script, answerConfiguration],
    [fencingCommand('', 'none').script, answerFencing],
    [transitionCommand('none').script, transitionAnswer(engine)],
    [watchLogCommand.script, followLog],
    [systemCommand.script, answerSystem],
    [cpuCommand.script, answerCpu],
    [memoryCommand.script, answerMemory],
    [linksCommand.script, answerLinks],
    [domainsCommand.script, answerDomains],
    [servicesCommand.script, servicesAnswer(watchedUnits)],
    [filesystemsCommand.script, answerFilesystems],
    [pciDevicesCommand.script, answerPciDevices],
    [disksCommand.script, answerDisks],
    [poolsCommand.script, answerPools],
    [jobsCommand([]).script, answerJobs],
    [activeDomainsCommand.script, answerActiveDomains],
    [domainPlacesCommand('', '', []).script, answerDomainPlaces],
    [reachableTargetsCommand([]).script, answerReachableTargets],
    [simulateCommand([], 'none').script, simulateAnswer(engine)],
    [guardedDelete({ guard: quorumGuard, path: 'x' }).command.script, answerGuarded],
    [releaseLease('x', '').command.script, answerLease],
    [setResourceOption(option).command.script, answerResourceOption],
    [readClock().command.script, answerClock],
    [showUnit(unit).command.script, answerShowUnit],
    [forgetUnit(unit).command.script, answerForgetUnit],
    [run([], 1).command.script, programAnswer(engine, (node, script) => onUnknown({ node, script }))],
    // A command that was given up ends with its channel here.
    [endGroupScript, { kind: 'answers', answer: () => ({ stdout: '', stderr: '', status: 0 }) }],
    [keyscanCommand([]).script, keyscanAnswer(keyOf)],
  ]);
  return (script) => commands.get(script.startsWith(streamStart) ? script.slice(streamStart.length) : script);
}
