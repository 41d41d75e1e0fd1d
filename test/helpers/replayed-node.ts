import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findSshd, freePort, startSshd, type Sshd, type SshdOptions } from './sshd.ts';

const captures = fileURLToPath(new URL('../fixtures/captures/', import.meta.url));

/** What a tool of a replayed node says when it is asked. */
export interface Said {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly status?: number;
}

/** Tools whose answers are replayed; `crm_mon-version` is `crm_mon --version`. */
export type Tool =
  | 'crm_mon'
  | 'crm_mon-version'
  | 'cibadmin'
  | 'corosync-quorumtool'
  | 'systemctl'
  | 'libvirtd'
  | 'dpkg-query'
  | 'virsh-uuids'
  | 'virsh-list'
  | 'virsh-domstats'
  | 'virsh-dumpxml';

/**
 * A node of a captured region behind a real sshd: a mount namespace in which the tools of cluster and libvirt print what they
 * printed on a real node, and a hostname of its own. Everything else (shell, sudo, /proc) is this machine's.
 */
export interface ReplayedNode {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly sshd: Sshd;
  /** Replaces what a tool says from now on. */
  says(tool: Tool, said: Said): void;
  /** Replaces everything that the cluster's tools say by another captured state: `no-quorum/lab-c1`. */
  becomes(state: string): void;
  /** The machine's own identity, /etc/machine-id. */
  isMachine(machineId: string): void;
  /** The XML of every write to the cluster that was asked of it; each is answered as done, and changes nothing of what it says. */
  writes(): readonly string[];
  close(): Promise<void>;
}

/** Why nodes cannot be replayed here, or `undefined` where they can. */
export function whyNoReplay(): string | undefined {
  if (process.getuid?.() !== 0) return 'a replayed node needs root, for a namespace of its own';
  if (findSshd() === undefined) return 'there is no sshd';
  const probe = ['-m', '-u', 'sh', '-ec', 'mount -t overlay overlay -o lowerdir=/usr/bin:/usr/sbin /usr/sbin'];
  return spawnSync('unshare', probe).status === 0 ? undefined : 'overlay mounts in a namespace are not allowed here';
}

/** An address block of 127.0.0.0/8 that stands for the captured ring network 10.213.0.0/24, and a port that is free on all of it. */
export interface Ring {
  readonly prefix: string;
  readonly port: number;
}

let rings = 0;

export async function newRing(): Promise<Ring> {
  rings += 1;
  // Test files run in processes of their own: the pid keeps their blocks apart.
  const prefix = `127.${100 + (process.pid % 100)}.${rings}.`;
  return { prefix, port: await freePort(`${prefix}11`) };
}

const lastByte: Readonly<Record<string, number>> = { 'lab-c1': 11, 'lab-c2': 12, 'lab-c3': 13, 'lab-w1': 51 };

/** Where a node of the captured region is in this ring. */
export const addressIn = (ring: Ring, name: string): string => `${ring.prefix}${lastByte[name] ?? 99}`;

export interface ReplayOptions {
  readonly name: string;
  readonly ring: Ring;
  /** The captured state it shows first; default `healthy/NAME`, or what lab-c1 saw where NAME was not captured. */
  readonly state?: string;
  /** Programs that its sessions must not find: `crm_mon`, `sudo`. */
  readonly without?: readonly string[];
  readonly sshd?: SshdOptions;
  /** Names that only this node resolves, with their addresses: a network that it sees and the laptop does not. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** What its cluster calls the address of a node, instead of the one in this ring. */
  readonly named?: Readonly<Record<string, string>>;
}

export async function startReplayedNode(options: ReplayOptions): Promise<ReplayedNode> {
  const { name, ring } = options;
  const folder = mkdtempSync(join(tmpdir(), 'rackside-replay-'));
  chmodSync(folder, 0o755);
  const inFolder = (...path: string[]) => join(folder, ...path);
  for (const part of ['said', 'sbin', 'bin', 'etc/corosync']) mkdirSync(inFolder(part), { recursive: true });

  function says(tool: Tool, { stdout = '', stderr = '', status = 0 }: Said): void {
    writeFileSync(inFolder('said', `${tool}.out`), stdout);
    writeFileSync(inFolder('said', `${tool}.err`), stderr);
    writeFileSync(inFolder('said', `${tool}.status`), `${status}\n`);
  }
  const isMachine = (machineId: string) => writeFileSync(inFolder('machine-id'), `${machineId}\n`);
  function becomes(state: string): void {
    const of = (file: string): string => {
      const path = join(captures, state, file);
      const text = existsSync(path) ? readFileSync(path, 'utf8').replaceAll('10.213.0.', ring.prefix) : '';
      return Object.entries(options.named ?? {}).reduce(
        (said, [node, address]) => said.replaceAll(addressIn(ring, node), address),
        text,
      );
    };
    const exit = (file: string) => Number(new RegExp(`^${file} rc=(\\d+)`, 'mu').exec(of('RC.txt'))?.[1] ?? 0);
    says('crm_mon', { stdout: of('crm_mon.xml'), status: exit('crm_mon.xml') });
    says('cibadmin', { stdout: of('cib.xml'), stderr: of('cib.xml.err'), status: exit('cib.xml') });
    says('corosync-quorumtool', { stdout: of('quorumtool.txt'), status: exit('quorumtool.txt') });
    writeFileSync(inFolder('corosync.conf'), of('corosync.conf'));
  }

  writeFileSync(inFolder('corosync.conf'), '');
  isMachine((captureOf(name, 'machine-id.txt') || `${'0'.repeat(31)}9`).trim());
  becomes(options.state ?? (existsSync(join(captures, 'healthy', name)) ? `healthy/${name}` : 'healthy/lab-c1'));
  const list = captureOf(name, 'virsh-list-uuid.txt');
  says('virsh-list', { stdout: list });
  says('virsh-uuids', { stdout: list.replaceAll(/^(\S+) .*$/gmu, '$1') });
  says('virsh-domstats', { stdout: captureOf(name, 'virsh-domstats.txt') });
  says('virsh-dumpxml', { stdout: captureOf(name, 'virsh-dumpxml.xml') });
  says('systemctl', { stdout: captureOf(name, 'systemctl-show.txt') });
  says('libvirtd', { stdout: 'libvirtd (libvirt) 9.0.0\n' });
  says('dpkg-query', { stdout: '0.11.5-1+deb12u1\n' });
  says('crm_mon-version', {
    stdout:
      '<pacemaker-result api-version="2.25" request="crm_mon --version --output-as=xml">\n  <version program="Pacemaker" version="2.1.5" build="a3f44794f94"/>\n  <status code="0" message="OK"/>\n</pacemaker-result>\n',
  });
  for (const [tool, text] of Object.entries(tools(inFolder('said')))) {
    if (options.without?.includes(tool)) continue;
    writeFileSync(inFolder('sbin', tool), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }
  for (const file of ['corosync/corosync.conf', 'machine-id']) writeFileSync(inFolder('etc', file), '');
  const hosts = Object.entries(options.hosts ?? {}).map(([host, address]) => `${address} ${host}\n`);
  writeFileSync(inFolder('etc', 'hosts'), readFileSync('/etc/hosts', 'utf8') + hosts.join(''));
  const hidden = (options.without ?? []).filter((tool) => existsSync(join('/usr/bin', tool)));
  // A whiteout of overlayfs: a character device 0:0 hides the name in the layers below.
  for (const tool of hidden) spawnSync('mknod', [inFolder('bin', tool), 'c', '0', '0']);

  const sshd = await startSshd({
    addresses: [addressIn(ring, name)],
    port: ring.port,
    ...options.sshd,
    inside: ['unshare', '-m', '-u', 'sh', '-ec', enter, 'sh', folder, name],
  }).catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  return {
    name,
    address: sshd.address,
    port: sshd.port,
    sshd,
    says,
    becomes,
    isMachine,
    writes: () =>
      existsSync(inFolder('said', 'writes')) ? readFileSync(inFolder('said', 'writes'), 'utf8').trim().split('\n') : [],
    async close() {
      await sshd.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Lays the replayed tools and files over this machine's, takes the name, and becomes what follows. */
const enter = `
folder=$1 name=$2; shift 2
echo "$name" >/proc/sys/kernel/hostname
mount -t overlay overlay -o "lowerdir=$folder/bin:/usr/bin" /usr/bin
mount -t overlay overlay -o "lowerdir=$folder/sbin:/usr/sbin" /usr/sbin
mount -t overlay overlay -o "lowerdir=$folder/etc:/etc" /etc
mount --bind "$folder/machine-id" /etc/machine-id
mount --bind "$folder/corosync.conf" /etc/corosync/corosync.conf
exec "$@"`;

/** The tools as scripts. crm_mon refuses whoever is neither root nor of the cluster's group, quorumtool whoever is not root, as theirs do. */
function tools(said: string): Readonly<Record<string, string>> {
  const say = `say() { cat '${said}'/"$1".out; cat '${said}'/"$1".err >&2; exit "$(cat '${said}'/"$1".status)"; }\n`;
  return {
    crm_mon: `${say}case "$*" in *--version*) say crm_mon-version;; esac
[ "$(id -u)" = 0 ] || { echo '${noPrivilege}'; exit 4; }
say crm_mon`,
    cibadmin: `${say}case "$1" in
--modify) while [ "$1" != -X ]; do shift; done; printf '%s\\n' "$2" >>'${said}'/writes; exit 0;;
esac
say cibadmin`,
    'corosync-quorumtool': `${say}[ "$(id -u)" = 0 ] || exit 1
say corosync-quorumtool`,
    systemctl: `${say}[ "$1" = is-active ] && { [ "$3" = libvirtd.service ]; exit; }
say systemctl`,
    libvirtd: `${say}say libvirtd`,
    'dpkg-query': `${say}say dpkg-query`,
    virsh: `${say}case "$*" in
*' uri') exit 0;;
*'list --all --uuid --name') say virsh-list;;
*'list --all --uuid') say virsh-uuids;;
*domstats*) say virsh-domstats;;
*dumpxml*) say virsh-dumpxml;;
esac
exit 1`,
  };
}

/** As Pacemaker 2.1.5 says it. */
const noPrivilege =
  '<pacemaker-result api-version="2.25" request="crm_mon --output-as=xml"><status code="4" message="Insufficient privileges"><errors><error>crm_mon: Connection to cluster failed: Permission denied</error></errors></status></pacemaker-result>';

function captureOf(name: string, file: string): string {
  const path = join(captures, 'healthy', name, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
