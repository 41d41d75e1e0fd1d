import type { Connection } from 'ssh2';

/** OpenSSH's SSH2_OPEN_CONNECT_FAILED (RFC 4254, 5.1). */
const connectFailed = 2;
/** What sshd says of a machine on its own network that does not answer: its kernel's words for EHOSTUNREACH, after three seconds. */
const words = 'No route to host';

/** The part of ssh2's server by which it answers; its public `reject` has no words to give. */
interface Answering {
  readonly _protocol: { channelOpenFail(channel: number, reason: number, words: string): void };
}

/** Gives a forward that is rejected the words of a real sshd. */
export function sayNoRoute(client: Connection): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ssh2/lib/server.js sets it in its constructor; not in its types.
  const { _protocol: protocol } = client as unknown as Answering;
  const answer = protocol.channelOpenFail.bind(protocol);
  protocol.channelOpenFail = (channel, reason, said) =>
    answer(channel, reason, reason === connectFailed ? words : said);
}
