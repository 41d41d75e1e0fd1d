import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RendererFiles } from '../renderer-files.ts';
import { securityHeaders } from '../security-headers.ts';
import { enterPath, enterScript, pageWithSecret } from './enter.ts';
import { problemPage, problemPageStyles } from './problem-page.ts';
import type { Refusal } from './request-checks.ts';
import { createFailureLimit, refuseForeign, tokenUsed, tooManyTokens, unauthenticated } from './request-checks.ts';
import type { BrowserSession } from './session.ts';

export interface PagesOptions {
  readonly files: RendererFiles;
  readonly session: BrowserSession;
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** Somebody was let in, and gets the page. */
  readonly onPage: () => void;
  readonly now: () => number;
  /** Failed tokens a minute after which the next failure is answered with 429. A right token is always let in. */
  readonly maxFailedTokens: number;
}

/** Answers everything that is no socket. */
export type Pages = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: { readonly status: number; readonly headers: Record<string, string>; readonly body: Uint8Array | string },
): void {
  const length = Buffer.byteLength(answer.body);
  response.writeHead(answer.status, { 'Content-Length': String(length), ...answer.headers });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

/** Refuses in the form the asker can read: a page for a person, JSON for a program. */
function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const isPage = (request.headers.accept ?? '').includes('text/html');
  send(request, response, {
    status: refusal.status,
    headers: {
      ...securityHeaders([], problemPageStyles),
      'Content-Type': isPage ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
      'Cache-Control': 'no-store',
    },
    body: isPage ? problemPage(refusal.problem) : JSON.stringify({ problem: refusal.problem }),
  });
}

export function createPages({ files, session, host, onPage, now, maxFailedTokens }: PagesOptions): Pages {
  const failures = createFailureLimit(maxFailedTokens, now);
  const headers = securityHeaders([`ws://${host}`]);

  function refuseToken(token: string): Refusal | undefined {
    const use = session.useToken(token);
    if (use === 'accepted') return undefined;
    const isReached = failures.isReached();
    failures.count();
    if (isReached) return tooManyTokens;
    return use === 'used' ? tokenUsed : unauthenticated;
  }

  async function sendFile(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const file = files.read(path);
    if (file === undefined) {
      const body = 'Not found.\n';
      const contentType = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' };
      send(request, response, { status: 404, headers: { ...headers, ...contentType }, body });
      return;
    }
    const caching = file.isImmutable ? 'private, max-age=31536000, immutable' : 'no-cache';
    send(request, response, {
      status: 200,
      headers: { ...headers, 'Content-Type': file.contentType, 'Cache-Control': caching },
      body: file.body,
    });
  }

  /** The page with the secret in it, that once. */
  async function letIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = files.read('/index.html');
    if (file === undefined) throw new Error('The renderer was built without index.html.');
    const body = pageWithSecret(new TextDecoder().decode(file.body), session.secret);
    send(request, response, {
      status: 200,
      headers: {
        ...headers,
        'Content-Type': file.contentType,
        'Cache-Control': 'no-store',
        'Set-Cookie': session.setCookie,
      },
      body,
    });
    onPage();
  }

  return async (request, response) => {
    const foreign = refuseForeign(request.headers, host);
    if (foreign !== undefined) {
      refuse(request, response, foreign);
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      send(request, response, { status: 405, headers: { ...headers, Allow: 'GET, HEAD' }, body: '' });
      return;
    }
    // Not `URL`: it takes `//name` for a host and tidies `..` away before anybody has seen it.
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
    const token = new URLSearchParams(query).get('t') ?? undefined;
    // A HEAD (a link checker, a preview) must not use the token up.
    if (path === '/' && token !== undefined && request.method === 'GET') {
      const refusal = refuseToken(token);
      if (refusal === undefined) await letIn(request, response);
      else refuse(request, response, refusal);
      return;
    }
    if (!session.hasCookie(request.headers.cookie)) {
      refuse(request, response, unauthenticated);
      return;
    }
    if (path === enterPath) {
      const contentType = { 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': 'no-store' };
      send(request, response, { status: 200, headers: { ...headers, ...contentType }, body: enterScript });
      return;
    }
    await sendFile(request, response, path);
  };
}
