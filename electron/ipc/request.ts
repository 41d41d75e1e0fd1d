import type { RequestMessage } from '#shared/contract/contract.ts';

/** Longest id of a request, in characters. A UUID has 36. */
const maxIdLength = 128;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The id a message carries, so that even a message that is not understood can be answered; else `''`. */
export function idOf(message: unknown): string {
  if (!isRecord(message)) return '';
  const { id } = message;
  return typeof id === 'string' && id.length <= maxIdLength ? id : '';
}

/** The request that came from outside, or `undefined` where it has not the shape of one. The input stays unknown. */
export function readRequest(message: unknown): RequestMessage | undefined {
  const id = idOf(message);
  if (!isRecord(message) || id === '') return undefined;
  if (message['kind'] === 'cancel') return { kind: 'cancel', id };
  const name = message['name'];
  if (message['kind'] !== 'call' || typeof name !== 'string' || name.length > maxIdLength) return undefined;
  return { kind: 'call', id, name, input: message['input'] };
}
