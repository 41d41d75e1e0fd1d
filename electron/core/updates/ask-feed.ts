import type { AskFeed } from './feed.ts';

const deadlineMs = 10_000;
const mostBytes = 64 * 1024;

/** Asks over the network: no cookie, no login, no name of this laptop; ends after 10 s. */
export const askFeed: AskFeed = async (url) => {
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    const response = await fetch(url, { redirect: 'manual', cache: 'no-store', credentials: 'omit', signal });
    const text = await beginning(response);
    return { status: response.status, location: response.headers.get('location'), text };
  } catch (error) {
    throw new Error(words(url, error, signal.aborted), { cause: error });
  }
};

/** The first 64 KiB; the rest is not waited for. */
async function beginning(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  // Left early, the loop cancels the stream.
  const body: AsyncIterable<Uint8Array> | null = response.body;
  if (!body) return '';
  for await (const chunk of body) {
    text += decoder.decode(chunk.subarray(0, mostBytes - bytes), { stream: true });
    bytes += chunk.length;
    if (bytes >= mostBytes) break;
  }
  return text;
}

function words(url: URL, error: unknown, isLate: boolean): string {
  if (isLate) return `${url.host} did not answer within ${String(deadlineMs / 1000)} s.`;
  const code = codeOf(error instanceof Error ? (error.cause ?? error) : error);
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${url.hostname} was not found: the name is wrong, or this laptop has no network.`;
    case 'ECONNREFUSED':
      return `${url.host} refused the connection.`;
    default:
      return `${url.host} could not be reached${code === undefined ? '' : ` (${code})`}.`;
  }
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
