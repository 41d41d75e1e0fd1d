import { timingSafeEqual } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import type * as Ssh2 from 'ssh2';
import { requireSsh2 } from '../../core/ssh/require-ssh2.ts';
import { serveShell, type ShellPorts } from '../sessions/demo-shell.ts';
import { isSilent, type DemoNode } from '../world/node.ts';
import type { HostKey } from './host-keys.ts';
import { sayNoRoute } from './no-route.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its types describe what `require` gives.
const { Server } = requireSsh2() as typeof Ssh2;

/** The login of every simulated machine. */
export interface DemoLogin {
  readonly user: string;
  readonly password: string;
}

export interface ServerPorts extends ShellPorts {
  readonly login: DemoLogin;
  readonly keyOf: (machine: string) => HostKey;
}

/** The only listener: it plays the jump host, and behind it each machine is a server of its own. */
export interface DemoServers {
  /** On 127.0.0.1. */
  readonly port: number;
  /** The machine lost its power: its connections are gone. */
  cut(node: DemoNode): void;
  /** Whether bytes pass between the laptop and the jump host; what is on its way waits. */
  setNetwork(isUp: boolean): void;
  close(): Promise<void>;
}

export const jumpHost = 'demo-jump';
/** How long nobody answers where there is no machine, or one that is off. */
const noRouteMs = 3_000;

export async function startServers(ports: ServerPorts): Promise<DemoServers> {
  const machines = new Map<string, Ssh2.Server>();
  const connections = new Map<string, Set<Ssh2.Connection>>();
  const sockets = new Set<Socket>();
  const waiting = new Set<Socket>();
  let isNetworkUp = true;

  function serverOf(node: DemoNode): Ssh2.Server {
    const known = machines.get(node.name);
    if (known !== undefined) return known;
    const fresh = new Server({ hostKeys: [ports.keyOf(node.name).privateKey] }, (client) => {
      const all = connections.get(node.name) ?? new Set();
      connections.set(node.name, all.add(client));
      client.on('close', () => all.delete(client));
      client.on('error', () => undefined);
      admit(client, ports.login);
      client.on('session', (accept) => {
        const session = accept();
        session.on('exec', (acceptExec, reject, { command }) => {
          if (command === 'exec /bin/sh') return serveShell(acceptExec(), node, ports);
          ports.onUnknown({ node: node.name, script: command });
          reject();
        });
        session.on('signal', (acceptSignal) => acceptSignal?.());
      });
    });
    machines.set(node.name, fresh);
    return fresh;
  }

  const jump = new Server({ hostKeys: [ports.keyOf(jumpHost).privateKey] }, (client) => {
    client.on('error', () => undefined);
    admit(client, ports.login);
    sayNoRoute(client);
    client.on('tcpip', (accept, reject, { destIP, destPort }) => {
      const node = destPort === 22 ? ports.world.nodeAt(destIP) : undefined;
      // A kernel that hangs still takes the connection, and says nothing.
      if (node === undefined || (isSilent(node) && node.power !== 'frozen')) {
        ports.world.clock.after(noRouteMs, reject);
        return;
      }
      const channel = accept();
      channel.on('error', () => undefined);
      if (node.power !== 'frozen')
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ssh2 takes any duplex stream here, its types want a socket.
        serverOf(node).injectSocket(channel as unknown as Socket);
    });
  });
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      waiting.delete(socket);
    });
    // Whoever calls while nothing passes is let in afterwards.
    if (isNetworkUp) jump.injectSocket(socket);
    else waiting.add(socket);
  });
  await new Promise<void>((resolve, reject) => {
    listener.on('error', reject);
    listener.listen(0, '127.0.0.1', resolve);
  });
  const address = listener.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cut({ name }) {
      for (const client of connections.get(name) ?? []) client.end();
    },
    setNetwork(isUp) {
      if (isUp === isNetworkUp) return;
      isNetworkUp = isUp;
      for (const socket of sockets) if (!waiting.has(socket)) (isUp ? release : hold)(socket);
      for (const socket of waiting) jump.injectSocket(socket);
      waiting.clear();
    },
    close: () =>
      new Promise((resolve) => {
        for (const all of connections.values()) for (const client of all) client.end();
        listener.close(() => resolve());
        // A laptop that sleeps takes no farewell.
        if (!isNetworkUp) for (const socket of sockets) socket.destroy();
      }),
  };
}

function hold(socket: Socket): void {
  socket.pause();
  socket.cork();
}

function release(socket: Socket): void {
  socket.uncork();
  socket.resume();
}

function admit(client: Ssh2.Connection, login: DemoLogin): void {
  client.on('authentication', (context) => {
    if (context.method !== 'password') return context.reject(['password']);
    const [given, wanted] = [Buffer.from(context.password), Buffer.from(login.password)];
    const isRight = given.length === wanted.length && timingSafeEqual(given, wanted);
    if (isRight && context.username === login.user) context.accept();
    else context.reject(['password']);
  });
}
