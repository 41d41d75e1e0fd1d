/**
 * The power switch of a lab: a process of its own on the host, listening in the datacenter's namespace, where the laptop's network
 * cut does not reach it. One request a connection: `PING`, `LIST`, or `STATUS|ON|OFF|REBOOT node`; the answer begins with OK or ERR.
 *
 * Run as: node fence-switch.ts LAB-NUMBER
 */
import { appendFileSync, existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { layoutOf, nodeFolder } from './layout.ts';
import { isOn, note, powerOff, powerOn } from './power.ts';

/**
 * How long the power stays away in a reboot. A real outlet waits too, and without it UNCLEAN would last a third of a second,
 * which no observer that polls can be tested against.
 */
const offTimeMs = 2000;

const layout = layoutOf(Number(process.argv[2]));

async function answer(request: string): Promise<string> {
  const [verb = '', node = ''] = request.trim().split(/\s+/);
  appendFileSync(join(layout.folder, 'fence.log'), `${new Date().toISOString()} ${verb} ${node}\n`);
  if (verb === 'PING') return 'OK';
  if (verb === 'LIST') return ['OK', ...readdirSync(join(layout.folder, 'nodes')).map((name) => `${name},`)].join('\n');
  if (!/^[a-z0-9]+$/.test(node) || !existsSync(nodeFolder(layout, node))) return `ERR no such outlet ${node}`;
  if (existsSync(note(layout, node, 'nofence'))) {
    await sleep(1000);
    return `ERR outlet ${node} does not answer`;
  }
  switch (verb) {
    case 'STATUS':
      return isOn(layout, node) ? 'OK on' : 'OK off';
    case 'ON':
      await powerOn(layout, node);
      return 'OK';
    case 'OFF':
      await powerOff(layout, node);
      return 'OK';
    case 'REBOOT':
      await powerOff(layout, node);
      await sleep(offTimeMs);
      await powerOn(layout, node);
      return 'OK';
    default:
      return 'ERR unknown verb';
  }
}

const server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.setTimeout(60_000, () => socket.destroy());
  const lines = createInterface({ input: socket });
  // A node that loses its power while it asks resets the connection, and readline says so too: the switch stays up for the others.
  lines.on('error', () => undefined);
  lines.once('line', (line) => {
    answer(line)
      .catch((error: unknown) => `ERR ${String(error).replaceAll('\n', ' ')}`)
      .then((text) => socket.end(`${text}\n`))
      .catch(() => socket.destroy());
  });
});
server.listen(layout.switchPort, layout.switchAddress);
process.once('SIGTERM', () => process.exit(0));
