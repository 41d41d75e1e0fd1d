import { readFile, readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

export interface RendererFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  /** Whether its name changes whenever its content does, so that it may be kept for ever. */
  readonly isImmutable: boolean;
}

export interface RendererFiles {
  /** The file at a URL path such as `/assets/index-1a2b3c4d.js`; `/` is `index.html`. `undefined` where there is none. */
  read(urlPath: string): RendererFile | undefined;
}

/**
 * The files of the built renderer, and nothing else: what was found inside the folder at the start, so that no spelling of `..` leads out
 * of it, and a build that is made beneath a running instance does not give its pages half of another version.
 */
export async function openRendererFiles(folder: string): Promise<RendererFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map<string, RendererFile>();
  await Promise.all(
    entries.map(async (entry) => {
      if (!entry.isFile()) return;
      const path = join(entry.parentPath, entry.name);
      const name = `/${relative(folder, path).split(sep).join('/')}`;
      files.set(name, {
        body: await readFile(path),
        contentType: types[extname(path).toLowerCase()] ?? 'application/octet-stream',
        // Vite writes what it hashes into assets/.
        isImmutable: name.startsWith('/assets/') && /-[\w-]{8,}\.\w+$/u.test(name),
      });
    }),
  );
  return { read: (urlPath) => files.get(urlPath === '/' ? '/index.html' : urlPath) };
}
