/**
 * How a page of the browser shell reaches the core: one WebSocket to `socketPath` of its own origin.
 *
 * The page that is served for a token carries the instance's secret in `<meta name="rackside-secret" content="…">`, that once.
 * It keeps it in sessionStorage and takes `?t=…` out of its address, so that a reload works. The socket is opened with the
 * subprotocols `[socketProtocol, secret]` and, by the browser itself, the cookie; the server selects `socketProtocol`.
 *
 * The page sends `RequestMessage`, the server `ServerMessage`, one JSON text a frame. A call gets exactly one answer. A
 * `cancel` gets none of its own: the call it names is answered with the problem `cancelled`, or was answered before.
 */
export const socketPath = '/socket';

/** The subprotocol, with the version of the wire's form. */
export const socketProtocol = 'rackside.1';

/** The name of the `meta` element and of the entry in sessionStorage. */
export const secretName = 'rackside-secret';

/** Why the server closed a socket. Any other code (or none) means that the server is gone; try again. */
export const socketClose = {
  /** No cookie or not the secret of this instance: `unauthenticated`. Trying again does not help; `npm start` prints a fresh address. */
  unauthenticated: 4401,
  /** The page did not read what it was sent, or sent what is no JSON. Connect again. */
  slow: 4408,
  malformed: 4400,
} as const;
