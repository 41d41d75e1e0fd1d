import type { CallEnvelope, EventEnvelope, RequestMessage } from '#shared/contract/contract.ts';
import type { Problem } from '#shared/problems.ts';

/** Whether the core can be asked at the moment. */
export type LinkState =
  | { readonly kind: 'connected' }
  | { readonly kind: 'lost'; readonly since: number }
  /** The core does not take this page, or no more (it was started anew): trying again is in vain. */
  | { readonly kind: 'refused'; readonly since: number; readonly problem: Problem };

/** A way to the core, whichever shell provides it. */
export interface Transport {
  /** Sends one request; rejects with a `ProblemError` (`connection-lost`) where no answer can come any more. */
  invoke(message: RequestMessage): Promise<CallEnvelope>;
  subscribe(listener: (event: EventEnvelope) => void): () => void;
  /** Called on every change of the link, not for the first connection. Events were missed when it comes back. */
  onLink(listener: (state: LinkState) => void): () => void;
  close(): void;
}
