/**
 * How a page of the browser shell reaches the core: one WebSocket to `socketPath` of its own origin.
 *
 * The page that is served for a token carries, that once, a script of the shell which puts the instance's secret into
 * sessionStorage under `secretKey` and takes `?t=…` out of the address, so that a reload works. It runs before the renderer. The
 * socket is opened with the subprotocols `[socketProtocol, secretProtocolPrefix + secret]` and, by the browser itself, the
 * cookie; the server selects `socketProtocol`.
 *
 * The page sends `RequestMessage`, the server `ServerMessage`, one JSON text a frame. A call gets exactly one answer. A
 * `cancel` gets none of its own: the call it names is answered with the problem `cancelled`, or was answered before.
 */
export const socketPath = '/socket';

export const socketProtocol = 'rackside';
export const secretProtocolPrefix = 'rackside-secret.';

/** Where sessionStorage keeps the secret. */
export const secretKey = 'rackside-socket-secret';

/** Why the server closed a socket. Any other code (or none) means that the server is gone; try again. */
export const socketClose = {
  /** No cookie or not the secret of this instance: `unauthenticated`. Trying again does not help; `npm start` prints a fresh address. */
  unauthenticated: 4401,
  /** The page did not read what it was sent, or sent what is no JSON. Connect again. */
  slow: 4408,
  malformed: 4400,
} as const;
