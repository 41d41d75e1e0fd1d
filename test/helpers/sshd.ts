import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a test may say about the sshd it wants; every option of sshd_config can be given as a line. */
export interface SshdOptions {
  /** Addresses of 127.0.0.0/8 to listen on; one port for all. Default 127.0.0.1. */
  readonly addresses?: readonly string[];
  /** Lines of sshd_config that come first, so that they win. */
  readonly config?: readonly string[];
  readonly hostKeyTypes?: readonly ('ed25519' | 'ecdsa' | 'rsa')[];
  /** A port to use; default: a free one. */
  readonly port?: number;
  /** Programs this daemon's sessions must not find; needs root, for a mount namespace of its own. */
  readonly without?: readonly string[];
  /** A program with its arguments that becomes the daemon, whose command line is appended: `unshare …`. */
  readonly inside?: readonly string[];
  /** Host keys of another daemon's folder: the same machine at another address. */
  readonly hostKeysOf?: Sshd;
}

/** A real sshd of this test alone. `close` ends it and removes its folder. */
export interface Sshd {
  readonly port: number;
  readonly address: string;
  readonly folder: string;
  readonly pids: readonly number[];
  /** The login that its authorized key opens: whoever runs the test. */
  readonly user: string;
  /** A private key (ed25519, no passphrase) that it lets in. */
  readonly keyFile: string;
  /** Public host keys as `known_hosts` has them: type and base64. */
  readonly hostKeys: readonly { readonly type: string; readonly keyBase64: string }[];
  readonly log: () => string;
  /** Stops and continues the daemon and every process it forked, as a frozen machine would. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/** The daemon's path, or `undefined` where these tests have to be skipped. */
export function findSshd(): string | undefined {
  return ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/sbin/sshd'].find((path) => existsSync(path));
}

/** Whether `without` works here: it needs root, mount namespaces and overlay. */
export function canHidePrograms(): boolean {
  return spawnSync('unshare', ['-m', 'sh', '-ec', hideText, 'sh', '/usr/bin/env', '--', 'true']).status === 0;
}

/** Makes a key pair with OpenSSH's own tool; returns the private file's path. */
export function makeKey(folder: string, name: string, type = 'ed25519', passphrase = ''): string {
  const file = join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', name, '-f', file]);
  return file;
}

const mostAddresses = 15;

/** Takes programs out of their folders by an overlay with a whiteout (a character device 0:0), then becomes the command after `--`. */
const hideText = `
mount -t tmpfs tmpfs /mnt
while [ "$1" != -- ]; do
  folder=$(dirname "$1")
  mkdir /mnt/upper /mnt/work
  mknod "/mnt/upper/$(basename "$1")" c 0 0
  mount -t overlay overlay -o "lowerdir=$folder,upperdir=/mnt/upper,workdir=/mnt/work" "$folder"
  shift
done
shift
exec "$@"`;

/** Starts a real sshd in the foreground and waits until it greets. */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const binary = findSshd();
  if (binary === undefined) throw new Error('sshd is not installed: apt-get install openssh-server');
  const folder = mkdtempSync(join(tmpdir(), 'rackside-sshd-'));
  // sshd refuses to run as root without its empty folder, which a package makes only when its service starts.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const addresses = options.addresses ?? ['127.0.0.1'];
  const address = addresses[0] ?? '127.0.0.1';
  const port = options.port ?? (await freePort(address));
  const hostKeyFolder = options.hostKeysOf?.folder ?? folder;
  const hostKeyFiles = (options.hostKeyTypes ?? ['ed25519']).map((type) =>
    options.hostKeysOf === undefined ? makeKey(folder, `host_${type}`, type) : join(hostKeyFolder, `host_${type}`),
  );
  const keyFile = makeKey(folder, 'login');
  const authorized = join(folder, 'authorized_keys');
  // sshd reads it with the rights of whoever logs in, which may be a test user.
  chmodSync(folder, 0o755);
  writeFileSync(authorized, readFileSync(`${keyFile}.pub`), { mode: 0o644 });
  const logFile = join(folder, 'sshd.log');
  const log = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
  const children: { readonly child: ChildProcess; readonly exited: Promise<void> }[] = [];
  // sshd opens at most 16 listening sockets (MAX_LISTEN_SOCKS); more addresses are shared out among daemons with the same keys.
  for (let from = 0; from < addresses.length; from += mostAddresses) {
    const part = addresses.slice(from, from + mostAddresses);
    const config = join(folder, `sshd_config_${from}`);
    writeFileSync(
      config,
      [
        ...(options.config ?? []),
        `Port ${port}`,
        ...part.map((listen) => `ListenAddress ${listen}`),
        ...hostKeyFiles.map((file) => `HostKey ${file}`),
        `AuthorizedKeysFile ${authorized}`,
        'PidFile none',
        'StrictModes no',
        'UsePAM no',
        'PasswordAuthentication no',
        'KbdInteractiveAuthentication no',
        'PermitRootLogin yes',
        // A home of its own: the start files of whoever runs the tests may be slow, or not be made for two hundred logins at once.
        `SetEnv HOME=${folder}`,
        'LogLevel VERBOSE',
        '',
      ].join('\n'),
    );
    const command = [binary, '-D', '-f', config, '-E', logFile];
    const [program = binary, ...args] =
      options.without === undefined
        ? [...(options.inside ?? []), ...command]
        : ['unshare', '-m', 'sh', '-ec', hideText, 'sh', ...options.without, '--', ...command];
    const child = spawn(program, args, { stdio: 'ignore' });
    const exited = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
    });
    children.push({ child, exited });
    try {
      await greeted(part[0] ?? address, port, child, log);
    } catch (error) {
      for (const started of children) started.child.kill('SIGKILL');
      throw error;
    }
  }
  const pids = children.flatMap(({ child }) => (child.pid === undefined ? [] : [child.pid]));
  const signalAll = (signal: NodeJS.Signals) => {
    for (const pid of pids) signalTree(pid, signal);
  };
  return {
    port,
    address,
    folder,
    pids,
    user: userInfo().username,
    keyFile,
    hostKeys: hostKeyFiles.map((file) => {
      const [type = '', keyBase64 = ''] = readFileSync(`${file}.pub`, 'utf8').split(' ');
      return { type, keyBase64 };
    }),
    log,
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    close: async () => {
      signalAll('SIGCONT');
      signalAll('SIGKILL');
      await Promise.all(children.map(({ exited }) => exited));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port that was free on the address a moment ago. */
export async function freePort(address = '127.0.0.1'): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, address, resolve);
  });
  const found = server.address();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  if (found === null || typeof found === 'string') throw new Error('no port was given');
  return found.port;
}

async function greeted(address: string, port: number, child: ChildProcess, log: () => string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`sshd ended at once: ${log()}`);
    const isGreeted = await new Promise<boolean>((resolve) => {
      const socket = connect(port, address);
      socket
        .once('data', () => resolve(true))
        .once('error', () => resolve(false))
        .once('close', () => resolve(false));
      socket.once('data', () => socket.destroy());
    });
    if (isGreeted) return;
    await sleep(25);
  }
  throw new Error(`sshd did not greet on ${address}:${port}: ${log()}`);
}

/** A process and all its descendants: sshd's sessions are processes of their own. */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  for (const child of childrenOf(pid)) signalTree(child, signal);
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
