import type { Problem, ProblemCode } from '#shared/problems.ts';
import { machineName } from './target-names.ts';
import type { SshTarget } from './transport.ts';

/** What is known about a failed attempt besides the error itself. */
export interface ReachContext {
  readonly target: SshTarget;
  /** The last jump host on the way, when the target is reached through one. */
  readonly via: SshTarget | undefined;
  /** The first bytes the peer sent, as Latin-1; empty when it said nothing. */
  readonly firstWords: string;
}

/** Problems of reaching a machine, which a later attempt may find gone. */
const reachCodes: readonly ProblemCode[] = [
  'address-not-found',
  'address-unreachable',
  'connection-refused',
  'connection-timed-out',
  'connection-lost',
  'not-an-ssh-server',
  'no-common-algorithm',
  'too-many-sessions',
  'jump-host-failed',
];

/** A jump host forwards, but could not connect (SSH_OPEN_CONNECT_FAILED, RFC 4254, 5.1). Without any route, sshd's words are no more than “open failed”. */
const connectFailed = 2;

/** Turns an error of the socket, of the jump host's forward or of ssh2 into the problem a person can act on. */
export function reachProblem(error: unknown, context: ReachContext): Problem {
  const { target, via, firstWords } = context;
  const machine = machineName(target) + (via === undefined ? '' : ` (through the jump host ${machineName(via)})`);
  const text = (error instanceof Error ? error.message : String(error)).replace(/^\(SSH\) Channel open failure: /, '');
  const isForwardFailed = error instanceof Error && 'reason' in error && error.reason === connectFailed;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const says = (problemCode: ProblemCode, message: string, advice: string): Problem => ({
    code: problemCode,
    message,
    advice,
  });

  if (
    code === 'ENOTFOUND' ||
    code === 'EAI_AGAIN' ||
    /name or service not known|unknown host|could not resolve|name resolution/i.test(text)
  )
    return says(
      'address-not-found',
      `The name ${target.host} has no address${via === undefined ? '' : ` on the jump host ${machineName(via)}`}.`,
      'Check the spelling, or use the IP address. A VPN may be needed for the name to be known.',
    );
  if (code === 'ECONNREFUSED' || /connection refused/i.test(text))
    return says(
      'connection-refused',
      `${machine} refused the connection to port ${target.port}: the machine is there, but nothing listens.`,
      'Check the port, and that sshd runs there (systemctl status ssh).',
    );
  const isTimeout = code === 'ETIMEDOUT' || /timed out/i.test(text);
  if (isTimeout && firstWords === '')
    return says(
      'connection-timed-out',
      `${machine} did not answer on port ${target.port}.`,
      'Check that the machine is powered on and that no firewall drops the connection; is the VPN up?',
    );
  const [greeting] = /^SSH-[\x20-\x7e]+/m.exec(firstWords) ?? [];
  if (isTimeout && greeting !== undefined)
    return says(
      'connection-timed-out',
      `${machine} greeted (${greeting}) and then hung: ${firstWords.trimEnd().endsWith(greeting) ? 'nothing more came' : 'the login did not come to an end'} in time.`,
      'The machine is there, and its sshd hardly gets on. It may be overloaded, out of memory, or wait for a disk, for DNS or for a directory of users: look at its console. If others behind the same VPN hang as well, large packets may be lost on the way (MTU).',
    );
  if (
    ['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL', 'EACCES', 'EPERM'].includes(code) ||
    /no route to host|unreachable/i.test(text) ||
    isForwardFailed
  ) {
    const why = [code, text].find((words) => words !== '' && words !== 'open failed');
    return says(
      'address-unreachable',
      `There is no way to ${machine} from ${via === undefined ? 'this laptop' : 'there'}${why === undefined ? '' : ` (${why})`}.`,
      via === undefined
        ? 'Check the network and the VPN of this laptop, then the address.'
        : 'Check that the machine is powered on, then its address and the network behind the jump host.',
    );
  }
  if (/administratively prohibited|open failed/i.test(text) && via !== undefined)
    return says(
      'jump-host-failed',
      `The jump host ${machineName(via)} does not forward connections to ${machineName(target)} (${text}).`,
      'Its sshd needs AllowTcpForwarding yes (and PermitOpen for this address).',
    );
  if (/exceeded maxstartups/i.test(firstWords))
    return says(
      'too-many-sessions',
      `${machine} turned the connection away: too many logins are being made there at once (MaxStartups).`,
      'Wait a moment; it is tried again.',
    );
  if (/no matching/i.test(text))
    return says(
      'no-common-algorithm',
      `${machine} and Rackside have no secure method in common (${text.replace(/^Handshake failed: /, '')}).`,
      'Its SSH server is outdated or restricted: bring it to OpenSSH 7.2 or newer, or allow curve25519-sha256, rsa-sha2-512 and aes128-gcm@openssh.com.',
    );
  if (firstWords !== '' && !/^SSH-/m.test(firstWords))
    return says(
      'not-an-ssh-server',
      `${machine} answers on port ${target.port}, but not with SSH. It said: ${JSON.stringify(firstWords.slice(0, 60))}.`,
      'Check the port: SSH is on 22 unless somebody changed it.',
    );
  return says(
    'connection-lost',
    firstWords === ''
      ? `${machine} closed the connection without a word.`
      : `The connection to ${machine} was lost (${text}).`,
    firstWords === ''
      ? 'A firewall, TCP wrappers or a fail2ban ban may be the reason; look at the log of its sshd.'
      : 'It is tried again. If this repeats, look at the network between here and there.',
  );
}

/** A problem of a jump host, told as such: which hop it was, and on the way to what. Questions keep their code and evidence. */
export function jumpProblem(problem: Problem, hop: SshTarget, position: string, target: SshTarget): Problem {
  const where = `Jump host ${machineName(hop)} (${position} on the way to ${machineName(target)})`;
  return {
    ...problem,
    code: reachCodes.includes(problem.code) ? 'jump-host-failed' : problem.code,
    message: problem.message.startsWith('Jump host ') ? problem.message : `${where}: ${problem.message}`,
  };
}
