/** What probes read on one node; the field's words. Sizes in bytes, rates in bits or bytes per second, as named. */

export interface SystemFacts {
  readonly hostname: string;
  readonly machineId: string;
  readonly bootId: string;
  readonly osName: string;
  readonly kernel: string;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly serial: string | null;
  readonly biosVersion: string | null;
  /** Why the serial number is not known; `null` where it is. */
  readonly serialReason?: string | null;
}

export interface CpuFacts {
  readonly model: string;
  readonly sockets: number;
  readonly cores: number;
  /** Logical CPUs online: the vCPUs column. */
  readonly threads: number;
}

export interface MemoryFacts {
  /** What is installed: the sum of DMI's memory devices, else MemTotal. */
  readonly installedBytes: number;
  readonly source: 'dmi' | 'meminfo';
  /** Why it is MemTotal and not what is installed; `null` where it is what is installed. */
  readonly sourceReason?: string | null;
}

/** A network interface. `null` where the kernel or the tool does not tell. */
export interface NodeLink {
  /** The interface's name (`eth0`); `deviceName` is what ethtool or udev calls the device, where it differs. */
  readonly name: string;
  readonly deviceName: string | null;
  readonly mac: string | null;
  readonly isAdminUp: boolean;
  readonly operState: string;
  readonly hasCarrier: boolean | null;
  readonly mtu: number;
  readonly speedMbps: number | null;
  readonly duplex: string | null;
  readonly driver: string | null;
  /** `physical` is what carries traffic off the node: no bond, bridge, VLAN, tap or loopback. */
  readonly type: 'physical' | 'bond' | 'bridge' | 'vlan' | 'tap' | 'loopback' | 'other';
  readonly vendor: string | null;
  readonly model: string | null;
  readonly pciSlot: string | null;
  readonly deviceId: string | null;
  /** The bond or bridge it belongs to. */
  readonly master: string | null;
  readonly bondMode: string | null;
  readonly vlanId: number | null;
  readonly parent: string | null;
  readonly addresses: readonly string[];
}

export interface Disk {
  readonly name: string;
  readonly model: string | null;
  readonly serial: string | null;
  readonly sizeBytes: number;
  readonly isRotational: boolean | null;
  readonly transport: string | null;
  readonly wwn: string | null;
  readonly health: 'passed' | 'failing' | 'unknown';
  /** Why health is unknown or failing. */
  readonly healthReason: string | null;
}

export interface Filesystem {
  /** The mount point, or a folder that is worth a line of its own (`/var/log`) without being one. */
  readonly mountPoint: string;
  /** Where such a folder lives; absent for a real mount point. Its sizes are those of that filesystem: they are not added up. */
  readonly livesOn?: string;
  readonly device: string;
  readonly type: string | null;
  readonly sizeBytes: number;
  readonly usedBytes: number;
  readonly availableBytes: number;
}

export interface PciDevice {
  readonly slot: string;
  readonly className: string;
  readonly vendor: string;
  readonly device: string;
  readonly vendorId: string | null;
  readonly deviceId: string | null;
  readonly driver: string | null;
  readonly iommuGroup: number | null;
  /** The domain it is passed through to. */
  readonly vm: string | null;
}

export interface ServiceState {
  readonly unit: string;
  readonly isInstalled: boolean;
  readonly activeState: string;
  readonly subState: string;
  readonly result: string | null;
  readonly startsAtBoot: boolean | null;
  /** Cumulative CPU time; the share in percent is computed between two reads. */
  readonly cpuNanoseconds: number | null;
  readonly memoryBytes: number | null;
  readonly restarts: number | null;
}

/** A libvirt domain. */
export interface Domain {
  readonly name: string;
  readonly uuid: string;
  readonly state: string;
  readonly memoryBytes: number;
  readonly vcpus: number;
  /** PCI addresses passed through. */
  readonly hostDevices: readonly string[];
}

/** A redundant store of data: md, btrfs, ZFS, LVM RAID, Ceph, DRBD. */
export interface DataPool {
  readonly name: string;
  readonly kind: 'md' | 'btrfs' | 'zfs' | 'lvm-raid' | 'ceph' | 'drbd';
  readonly state: 'healthy' | 'degraded' | 'failed' | 'unknown';
  /** In the tool's own words: `[2/1] [U_]`, `missing device`, `DEGRADED`. */
  readonly detail: string;
  /** Rebuild progress, 0 to 100. */
  readonly rebuildPercent: number | null;
}

/** One fast sample, counters as the kernel has them; rates are computed between two by the node's own uptime. */
export interface FastSample {
  readonly uptimeSeconds: number;
  /** The kernel's id of this boot, so that a reboot is never taken for a counter that went on; `null` where it cannot be read. */
  readonly bootId: string | null;
  readonly cpuBusyTicks: number;
  readonly cpuTotalTicks: number;
  readonly onlineCpus: number;
  readonly memoryTotalBytes: number;
  readonly memoryAvailableBytes: number;
  readonly load1: number;
  /** Per interface, cumulative bytes. */
  readonly network: Readonly<Record<string, { readonly rxBytes: number; readonly txBytes: number }>>;
  /** Per whole disk, cumulative bytes. */
  readonly disks: Readonly<Record<string, { readonly readBytes: number; readonly writtenBytes: number }>>;
  /** The node's clock, UTC ms, for the health gate's clock check. */
  readonly clockMs: number;
}

/** Rates between two samples. */
export interface FastRates {
  readonly cpuPercent: number;
  readonly network: Readonly<Record<string, { readonly rxBitsPerSecond: number; readonly txBitsPerSecond: number }>>;
  readonly diskReadBytesPerSecond: number;
  readonly diskWrittenBytesPerSecond: number;
}
