import { StringDecoder } from 'node:string_decoder';
import type { ServerChannel } from 'ssh2';
import type { Answer } from '../commands/command.ts';
import type { Registry } from '../commands/registry.ts';
import type { DemoClock } from '../world/clock.ts';
import { isSilent, type DemoNode } from '../world/node.ts';
import type { World } from '../world/world.ts';
import { ShellRequests, type ShellRequest } from './shell-requests.ts';

/** What a shell needs to answer. */
export interface ShellPorts {
  readonly world: World;
  readonly registry: Pick<Registry, 'find'>;
  /** A command that the simulation does not know: tests fail by it. */
  readonly onUnknown: (unknown: { readonly node: string; readonly script: string }) => void;
}

const slowMs = 2_500;

/** Answers a channel as root's `/bin/sh` of a machine would: one request after the other, in order. A silent machine answers nothing. */
export function serveShell(channel: ServerChannel, node: DemoNode, ports: ShellPorts): void {
  const requests = new ShellRequests();
  const decoder = new StringDecoder('utf8');
  let turn = Promise.resolve();
  let endFollowing: (() => void) | undefined;
  let isClosed = false;
  channel.on('data', (chunk: Buffer) => {
    for (const request of requests.take(decoder.write(chunk))) turn = turn.then(() => serve(request));
  });
  channel.on('error', () => undefined);
  channel.on('end', () => channel.end());
  channel.on('close', () => {
    isClosed = true;
    endFollowing?.();
  });

  async function serve(request: ShellRequest): Promise<void> {
    if (isClosed || isSilent(node)) return;
    if (request.kind === 'hello') return reply(request.nonce, { stdout: '', stderr: '', status: 0 }, '0 4711');
    if (request.kind === 'foreign') {
      ports.onUnknown({ node: node.name, script: request.text });
      channel.stderr.write(unknownText);
      return;
    }
    const { world, registry } = ports;
    const command = registry.find(request.script);
    const call = { world, node, args: request.args };
    if (command === undefined) {
      ports.onUnknown({ node: node.name, script: request.script });
      return reply(request.nonce, { stdout: '', stderr: unknownText, status: 127 });
    }
    if (command.kind === 'follows') {
      endFollowing = command.follow(call, (text) => {
        if (!isClosed) channel.write(text);
      });
      // The frame never ends: whoever follows closes the channel.
      return Promise.withResolvers<void>().promise;
    }
    const answer = await command.answer(call);
    if (node.network === 'slow') await later(world.clock);
    return reply(request.nonce, answer);
  }

  function reply(nonce: string, { stdout, stderr, status }: Answer, words = String(status)): void {
    if (isClosed || isSilent(node)) return;
    // In this order: ssh2's server forgets what waits for room on stderr while stdout waits too, as it does with more than 2 MB.
    channel.stderr.write(`${stderr}${nonce}:;`);
    channel.write(`${stdout}${nonce}:${words};`);
  }
}

/** A slow network's delay. */
function later(clock: DemoClock): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  clock.after(slowMs, resolve);
  return promise;
}

const unknownText = 'rackside-demo: unknown command\n';
