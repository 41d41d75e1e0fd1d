import type { CallEnvelope, EventEnvelope, RequestMessage, ServerMessage } from '#shared/contract/contract.ts';
import { secretProtocolPrefix, socketClose } from '#shared/contract/socket.ts';
import { ProblemError, type Problem } from '#shared/problems.ts';
import type { LinkState, Transport } from './transport.ts';

export interface SocketOptions {
  readonly url: string;
  /** What the socket is opened with besides the page's cookie: the sub-protocols that carry the per-instance secret. */
  readonly protocols: readonly string[];
}

const firstDelayMs = 250;
const maxDelayMs = 10_000;

const lost = (): ProblemError =>
  new ProblemError({
    code: 'connection-lost',
    message: 'The connection between this page and Rackside broke before the answer came.',
    advice: 'The page connects again by itself. Then look at the present state before you try again.',
  });

const belongsToAnother: Problem = {
  code: 'unauthenticated',
  message: 'Rackside was started anew, and this page belongs to the instance before.',
  advice: 'Run npm start again: it prints a fresh address.',
};

const wasNeverLetIn: Problem = {
  code: 'unauthenticated',
  message: 'This tab has not been let in: it was not opened by an address that Rackside printed.',
  advice: 'Go on in the tab that was, or duplicate that one. Or run npm start again: it prints a fresh address.',
};

interface Pending {
  readonly resolve: (envelope: CallEnvelope) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The browser shell's WebSocket. It opens again by itself with growing pauses (0.25 s doubling to 10 s, with jitter). Requests
 * made while it is away wait for it to come back; those that were under way when it broke fail with `connection-lost`,
 * because nobody knows whether they were done.
 */
export function socketTransport(options: SocketOptions): Transport {
  const pending = new Map<string, Pending>();
  const events = new Set<(event: EventEnvelope) => void>();
  const links = new Set<(state: LinkState) => void>();
  const outbox = new Map<string, string>();
  let socket: WebSocket | null = null;
  let delayMs = firstDelayMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lostSince: number | null = null;
  let isClosed = false;
  // Each tab has its own: another one, or one that a link was opened in, begins without.
  const hasSecret = options.protocols.some((protocol) => protocol.startsWith(secretProtocolPrefix));
  const refusal = hasSecret ? belongsToAnother : wasNeverLetIn;

  const tell = (state: LinkState): void => {
    for (const listener of links) listener(state);
  };

  const receive = (text: string): void => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The server is our own core, on the origin this page came from.
    const message = JSON.parse(text) as ServerMessage;
    if (message.kind === 'event') {
      for (const listener of events) listener(message.event);
      return;
    }
    const waiting = pending.get(message.id);
    pending.delete(message.id);
    waiting?.resolve(message.envelope);
  };

  const refuse = (): void => {
    isClosed = true;
    for (const waiting of pending.values()) waiting.reject(new ProblemError(refusal));
    pending.clear();
    outbox.clear();
    tell({ kind: 'refused', since: lostSince ?? Date.now(), problem: refusal });
  };

  const onClose = (event: CloseEvent): void => {
    socket = null;
    if (isClosed) return;
    if (event.code === socketClose.unauthenticated) {
      refuse();
      return;
    }
    for (const [id, waiting] of pending) {
      // What was never sent was never begun, so it can wait for the next connection.
      if (outbox.has(id)) continue;
      pending.delete(id);
      waiting.reject(lost());
    }
    if (lostSince === null) {
      lostSince = Date.now();
      tell({ kind: 'lost', since: lostSince });
    }
    timer = setTimeout(open, delayMs * (0.75 + Math.random() / 2));
    delayMs = Math.min(maxDelayMs, delayMs * 2);
  };

  const onOpen = (): void => {
    const wasLost = lostSince !== null;
    lostSince = null;
    // The listeners hear of the new connection first, so that they count its events anew.
    if (wasLost) tell({ kind: 'connected' });
    for (const text of outbox.values()) socket?.send(text);
    outbox.clear();
  };

  function open(): void {
    const opening = new WebSocket(options.url, [...options.protocols]);
    socket = opening;
    opening.addEventListener('open', onOpen);
    opening.addEventListener('message', (event) => {
      // Only a socket that said something was let in; before that the pauses go on growing.
      delayMs = firstDelayMs;
      if (typeof event.data === 'string') receive(event.data);
    });
    opening.addEventListener('close', onClose);
  }

  open();

  return {
    invoke: (message: RequestMessage) => {
      if (isClosed) return Promise.reject(new ProblemError(refusal));
      const text = JSON.stringify(message);
      const isOpen = socket?.readyState === WebSocket.OPEN;
      if (message.kind === 'cancel') {
        const wasWaiting = outbox.delete(message.id);
        if (isOpen && !wasWaiting) socket?.send(text);
        pending.delete(message.id);
        return Promise.resolve({ ok: true, value: null });
      }
      return new Promise((resolve, reject) => {
        pending.set(message.id, { resolve, reject });
        if (isOpen) socket?.send(text);
        else outbox.set(message.id, text);
      });
    },
    subscribe: (listener) => {
      events.add(listener);
      return () => events.delete(listener);
    },
    onLink: (listener) => {
      links.add(listener);
      return () => links.delete(listener);
    },
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      socket?.close();
      for (const waiting of pending.values()) waiting.reject(lost());
      pending.clear();
    },
  };
}
