import { randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';

/** What a running instance does for a second start on its data folder. */
type Served =
  /** It serves browsers; the address is good for one use. */
  | { readonly kind: 'url'; readonly url: string }
  /** It has a window, which has come forward. */
  | { readonly kind: 'window' };

/** `isOtherBuild`: the program that answers was built from other sources than this one. */
export type SecondStartAnswer = Served & { readonly isOtherBuild: boolean };

/** Built, this stands in a part that both shells share and whose name has the digest of its content: it tells builds of one version apart. */
const thisBuild = basename(import.meta.url);

/** How a second start ended, in words: lines for the terminal. */
export function answerWords(answer: SecondStartAnswer): string {
  const words =
    answer.kind === 'url' ? `Rackside is at ${answer.url}` : 'Rackside is open already; its window has come forward.';
  const other = 'It runs from another build of Rackside than this one. To use this one, end it and start again.';
  return answer.isOtherBuild ? `${words}\n${other}` : words;
}

export interface InstanceEndpoint {
  /** How to reach it, with the secret that opens it: for a file that only the owner may read. */
  readonly text: string;
  close(): Promise<void>;
}

const deadlineMs = 3000;
/** A request or an answer is one line, shorter than this. */
const maxLineLength = 4096;

async function newAddress(): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  if (process.platform === 'win32') {
    return { path: `\\\\.\\pipe\\rackside-${randomBytes(16).toString('hex')}`, remove: () => Promise.resolve() };
  }
  // Not in the data folder: a socket's path may have about 100 characters, and a kill leaves no stale socket in the way here.
  const runtime = process.env['XDG_RUNTIME_DIR'] ?? '';
  const make = (parent: string): Promise<string> => mkdtemp(join(parent, 'rackside-'));
  const folder = isAbsolute(runtime) ? await make(runtime).catch(() => make(tmpdir())) : await make(tmpdir());
  return { path: join(folder, 's'), remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Reads one line, or gives `undefined` where none came in time or it was too long. */
function readLine(socket: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const end = (line: string | undefined): void => {
      clearTimeout(timer);
      resolve(line);
    };
    const timer = setTimeout(end, deadlineMs, undefined);
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
      const at = text.indexOf('\n');
      if (at >= 0) end(text.slice(0, at));
      else if (text.length > maxLineLength) end(undefined);
    });
    socket.on('error', () => {
      end(undefined);
    });
    socket.on('close', () => {
      end(undefined);
    });
  });
}

/**
 * Listens for second starts: on a Unix socket in a folder that only the owner may enter, or a named pipe; no TCP port.
 * `answer` is asked once for each; the secret is checked first, because another account may open a pipe of Windows.
 */
export async function listenForSecondStart(
  answer: () => Served | Promise<Served>,
  build = thisBuild,
): Promise<InstanceEndpoint> {
  const secret = randomBytes(32).toString('hex');
  const { path, remove } = await newAddress();
  const sockets = new Set<Socket>();

  async function serve(socket: Socket): Promise<void> {
    const line = (await readLine(socket)) ?? '';
    const isRight = line.length === secret.length && timingSafeEqual(Buffer.from(line), Buffer.from(secret));
    if (isRight) socket.end(`${JSON.stringify({ ...(await answer()), build })}\n`);
    else socket.destroy();
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(socket).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  // It alone is no reason to stay.
  server.unref();
  return {
    text: JSON.stringify({ path, secret }),
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      for (const socket of sockets) socket.destroy();
      await closed;
      await remove();
    },
  };
}

function parseJson(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/**
 * Asks the instance that holds the data folder. `undefined` where it gave no answer: it is about to end, or hangs.
 * `endpoint`: the `text` of its `InstanceEndpoint`.
 */
export async function askRunningInstance(endpoint: string): Promise<SecondStartAnswer | undefined> {
  const { path, secret } = parseJson(endpoint);
  if (typeof path !== 'string' || typeof secret !== 'string') return undefined;
  const socket = connect(path);
  try {
    const answered = readLine(socket);
    socket.write(`${secret}\n`);
    const { kind, url, build } = parseJson((await answered) ?? '');
    // One that is older than this question says nothing of its build.
    const isOtherBuild = build !== thisBuild;
    if (kind === 'window') return { kind, isOtherBuild };
    return kind === 'url' && typeof url === 'string' ? { kind, url, isOtherBuild } : undefined;
  } finally {
    socket.destroy();
  }
}
