import type { ServiceState } from '#shared/model/hardware.ts';
import { section, sectionOf, sectionScript, splitSections } from '../ssh/sections.ts';
import type { RemoteCommand } from '../ssh/transport.ts';
import { parsedUnknown, parsedValue, type Parsed, type Probe, type ProbeOutput } from './probe.ts';
import { reasonOf } from './reasons.ts';

/** The services of the cluster, and of libvirt in both its shapes: one daemon, or one a task. */
export const watchedUnits: readonly string[] = [
  'corosync.service',
  'corosync-qdevice.service',
  'pacemaker.service',
  'pacemaker_remote.service',
  'pcsd.service',
  'sbd.service',
  'libvirtd.service',
  'virtqemud.service',
  'virtnetworkd.service',
  'virtnodedevd.service',
  'virtstoraged.service',
  'virtproxyd.service',
  'virtlogd.service',
  'virtlockd.service',
  'ssh.service',
  'sshd.service',
];

const properties = 'Id,LoadState,ActiveState,SubState,Result,UnitFileState,NRestarts,CPUUsageNSec,MemoryCurrent';

export const servicesCommand: RemoteCommand = {
  privilege: 'none',
  script: sectionScript([section('systemctl', `timeout 20 systemctl show -p ${properties} ${watchedUnits.join(' ')}`)]),
};

export const servicesProbe: Probe<readonly ServiceState[]> = {
  id: 'services',
  command: servicesCommand,
  deadlineMs: 30_000,
  parse: parseServices,
};

/** Reads `systemctl show`: `Key=value` lines, a blank line between units. A unit that is not installed is none that failed. */
export function parseServices(output: ProbeOutput): Parsed<readonly ServiceState[]> {
  const split = splitSections(output);
  if (split.kind === 'unknown') return split;
  const systemctl = sectionOf(split.value, 'systemctl');
  const services = new Map<string, ServiceState>();
  for (const record of systemctl.text.split(/\n\s*\n/)) {
    const service = serviceOf(record);
    // Two names of one unit answer twice with the same Id.
    if (service !== null && !services.has(service.unit)) services.set(service.unit, service);
  }
  if (services.size === 0) return parsedUnknown(reasonOf(systemctl, 'systemctl', output));
  return parsedValue([...services.values()]);
}

function serviceOf(record: string): ServiceState | null {
  const values = new Map<string, string>();
  for (const match of record.matchAll(/^([A-Za-z]+)=(.*)$/gm)) values.set(match[1] ?? '', (match[2] ?? '').trim());
  const unit = values.get('Id');
  const activeState = values.get('ActiveState');
  if (unit === undefined || unit === '' || activeState === undefined) return null;
  const loadState = values.get('LoadState');
  const unitFileState = values.get('UnitFileState') ?? '';
  return {
    unit,
    isInstalled:
      loadState === undefined ? unitFileState !== '' || activeState !== 'inactive' : loadState !== 'not-found',
    activeState,
    subState: values.get('SubState') ?? '',
    result: values.get('Result') || null,
    startsAtBoot: startsAtBoot(unitFileState),
    cpuNanoseconds: counterOf(values.get('CPUUsageNSec')),
    memoryBytes: counterOf(values.get('MemoryCurrent')),
    restarts: counterOf(values.get('NRestarts')),
  };
}

/** `static`, `indirect`, `alias` and the like: something else decides whether it starts. */
function startsAtBoot(unitFileState: string): boolean | null {
  if (unitFileState === 'enabled' || unitFileState === 'enabled-runtime') return true;
  return /^(disabled|masked|masked-runtime)$/.test(unitFileState) ? false : null;
}

/** systemd says `[not set]`, or the largest number of 64 bits, where it does not count. */
function counterOf(text: string | undefined): number | null {
  return text === undefined || !/^\d{1,19}$/.test(text) ? null : Number(text);
}
