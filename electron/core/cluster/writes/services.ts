import { run, shownWords } from './shown-command.ts';
import type { RunOutcome, ShownCommand } from './shown-command.ts';

/** A node's cluster services, in the order in which systemd is told; its own ordering stops Pacemaker before Corosync. */
const servicesOf = (type: 'member' | 'remote'): readonly string[] =>
  type === 'member' ? ['pacemaker.service', 'corosync.service'] : ['pacemaker_remote.service'];

/**
 * Stops the cluster services of a node that is empty and in standby, on that node, so that powering it off fences nobody. They stay enabled:
 * it comes back in standby. systemd goes on with it when the channel is lost. By systemctl and not `pcs cluster stop`, which needs pcsd and
 * its tokens, and asks `--force` where quorum is judged already.
 *
 * Of a Worker first its connection has to be closed (`setResourceOption` target-role `Stopped` on the resource of its name, until the
 * cluster shows it offline and clean): a service that ends under an open connection is fenced.
 */
export function stopServices(type: 'member' | 'remote'): ShownCommand<RunOutcome> {
  return run(['timeout', '110', 'systemctl', 'stop', ...servicesOf(type)], 120_000);
}

/** Starts them again; of a Worker before its connection is opened again (target-role taken away). */
export function startServices(type: 'member' | 'remote'): ShownCommand<RunOutcome> {
  return run(['timeout', '110', 'systemctl', 'start', ...servicesOf(type).toReversed()], 120_000);
}

/** Starts libvirt: whichever of its services this node has enabled, the one for everything or the one for QEMU alone. */
export function startLibvirt(): ShownCommand<RunOutcome> {
  const units = ['libvirtd.socket', 'libvirtd.service', 'virtqemud.socket', 'virtqemud.service'];
  const script =
    'for each; do systemctl is-enabled -q "$each" 2>/dev/null && exec timeout 60 systemctl start "$each"; done; echo "no service of libvirt is enabled" >&2; exit 5';
  const built = run(['/bin/sh', '-c', script, 'sh', ...units], 90_000);
  return { ...built, shown: `systemctl start ${units.join(' | ')}` };
}

/** Ends all VMs of a node at once, of a forced maintenance only: after the standby, so that no failure is counted. */
export function destroyDomains(domains: readonly string[]): ShownCommand<RunOutcome> {
  const script =
    'for each; do timeout 60 virsh -c qemu:///system destroy --domain "$each" || rc=1; done; exit ${rc:-0}';
  const built = run(['/bin/sh', '-c', script, 'sh', ...domains], 60_000 + domains.length * 60_000);
  return { ...built, shown: domains.map((each) => shownWords(['virsh', 'destroy', '--domain', each])).join('; ') };
}
