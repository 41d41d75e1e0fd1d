import { protocol } from 'electron';
import { openRendererFiles } from '../renderer-files.ts';
import { securityHeaders } from '../security-headers.ts';

const scheme = 'app';
const host = 'rackside';

/** The one page of the desktop shell. */
export const appUrl = `${scheme}://${host}/`;

/** Whether a URL is the app's own page, whatever its fragment. */
export function isAppUrl(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && parsed.protocol === `${scheme}:` && parsed.host === host;
}

/**
 * Tells Chromium that the scheme has origins like `https` has. Before `ready`, and once.
 * Without `corsEnabled`, no other origin can read what it serves.
 */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the built renderer, and nothing else, under the scheme. After `ready`. */
export async function serveRenderer(folder: string): Promise<void> {
  const files = await openRendererFiles(folder);
  const headers = securityHeaders([]);
  protocol.handle(scheme, async (request) => {
    const url = URL.parse(request.url);
    const file =
      request.method === 'GET' && url !== null && isAppUrl(request.url) ? files.read(url.pathname) : undefined;
    if (file === undefined) return new Response('Not found.\n', { status: 404, headers });
    return new Response(file.body, { headers: { ...headers, 'Content-Type': file.contentType } });
  });
}
