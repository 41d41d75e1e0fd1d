import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

/** `RACKSIDE_OUT` names another build to test. */
const root = join(process.env['RACKSIDE_OUT'] ?? join(import.meta.dirname, '../../../out'), 'renderer');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The same policy as the shells': what it forbids must not be needed by any page. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
].join('; ');

/** Serves the built renderer on 127.0.0.1 until the process ends; the address. @throws where it was not built */
export async function serveRenderer(): Promise<string> {
  if (!existsSync(join(root, 'index.html'))) throw new Error('out/renderer is missing: run `npm run build` first');
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    const file = join(root, path === '/' ? 'index.html' : path);
    if (!file.startsWith(root) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': types[extname(file)] ?? 'application/octet-stream',
      'Content-Security-Policy': policy,
      // Their names change with what is in them: a browser keeps them, and what it has compiled of them, from page to page.
      'Cache-Control': file.startsWith(join(root, 'assets')) ? 'max-age=3600, immutable' : 'no-cache',
    });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
}
