import type { Problem } from '../problems.ts';
import type { AppCalls, AppEvents } from './app.ts';
import type { DemoCalls } from './demo.ts';
import type { OperationCalls, OperationEvents } from './operations.ts';
import type { RegionCalls, RegionEvents } from './regions.ts';
import type { TrustCalls } from './trust.ts';

/** Everything the renderer may ask. This file and the domain files beside it carry no zod: the renderer imports them. */
export interface Calls extends AppCalls, DemoCalls, OperationCalls, RegionCalls, TrustCalls {}
export type CallName = keyof Calls;
export type CallInput<Name extends CallName> = Calls[Name]['input'];
export type CallOutput<Name extends CallName> = Calls[Name]['output'];

/** Everything the core announces. */
export interface Events extends AppEvents, OperationEvents, RegionEvents {}
export type EventName = keyof Events;

/** One event on the wire. Sequence numbers rise by one a peer; a gap means: ask for a snapshot. */
export type EventEnvelope = {
  [Name in EventName]: { readonly sequence: number; readonly name: Name; readonly payload: Events[Name] };
}[EventName];

/** The answer to a call. It never throws across. */
export type CallEnvelope<Output = unknown> =
  | { readonly ok: true; readonly value: Output }
  | { readonly ok: false; readonly problem: Problem };

/** One request on the wire. `id` is made by the caller and names the request when it is cancelled. */
export type RequestMessage =
  | { readonly kind: 'call'; readonly id: string; readonly name: string; readonly input: unknown }
  | { readonly kind: 'cancel'; readonly id: string };

/** One answer or event on the wire of the browser shell. */
export type ServerMessage =
  | { readonly kind: 'answer'; readonly id: string; readonly envelope: CallEnvelope }
  | { readonly kind: 'event'; readonly event: EventEnvelope };

/** What the renderer is given by its shell, whichever it is: two functions of plain data. */
export interface Bridge {
  invoke(message: RequestMessage): Promise<CallEnvelope>;
  subscribe(listener: (event: EventEnvelope) => void): () => void;
}
