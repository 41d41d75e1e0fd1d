import type { CallInput, CallName, CallOutput, EventEnvelope } from '#shared/contract/contract.ts';
import { ProblemError } from '#shared/problems.ts';
import type { LinkState, Transport } from './transport.ts';

/** The renderer's one way to ask the core. */
export interface Client {
  /**
   * The value of a call.
   * @throws ProblemError with the core's problem; `connection-lost` where the link broke first; `cancelled` after `signal`.
   */
  call<Name extends CallName>(name: Name, input: CallInput<Name>, signal?: AbortSignal): Promise<CallOutput<Name>>;
  subscribe(listener: (event: EventEnvelope) => void): () => void;
  onLink(listener: (state: LinkState) => void): () => void;
  close(): void;
}

const cancelled = (name: string): ProblemError =>
  new ProblemError({
    code: 'cancelled',
    message: `The question “${name}” was withdrawn before its answer came.`,
    advice: 'Ask again when the answer is needed.',
  });

/** A client over a transport. Request ids are unique for this page; the random part parts it from other pages of a peer. */
export function createClient(transport: Transport): Client {
  const page = crypto.randomUUID().slice(0, 8);
  let count = 0;
  return {
    async call<Name extends CallName>(name: Name, input: CallInput<Name>, signal?: AbortSignal) {
      if (signal?.aborted) throw cancelled(name);
      count += 1;
      const id = `${page}-${count}`;
      const answer = transport.invoke({ kind: 'call', id, name, input });
      const withdrawn = signal && withdrawal(signal, () => transport.invoke({ kind: 'cancel', id }), name);
      try {
        const envelope = await (withdrawn ? Promise.race([answer, withdrawn.promise]) : answer);
        if (!envelope.ok) throw new ProblemError(envelope.problem);
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The core's dispatcher answers by the contract's types.
        return envelope.value as CallOutput<Name>;
      } finally {
        withdrawn?.dispose();
      }
    },
    subscribe: (listener) => transport.subscribe(listener),
    onLink: (listener) => transport.onLink(listener),
    close: () => {
      transport.close();
    },
  };
}

function withdrawal(signal: AbortSignal, cancel: () => Promise<unknown>, name: string) {
  let onAbort = (): void => undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      // The core may have answered already; what it says to the cancellation changes nothing here.
      cancel().catch(() => undefined);
      reject(cancelled(name));
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
  return {
    promise,
    dispose: () => {
      signal.removeEventListener('abort', onAbort);
    },
  };
}
