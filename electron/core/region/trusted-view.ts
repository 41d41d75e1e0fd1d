import { ProblemError, type Problem, type ProblemEvidence } from '#shared/problems.ts';
import { keyscanCommand, parseKeyscan, type ScannedKey } from '../cluster/keyscan.ts';
import type { SshConnection } from '../ssh/transport.ts';

const scanDeadlineMs = 10_000;

/**
 * Puts beside a node's unknown host key what a control node that is trusted sees of the same machine, so that the keys of a
 * region can be confirmed as one list. Where the two differ, nobody is asked: it is refused (`docs/status.md`, The address of
 * a node). Any other problem is returned as it is, and so is this one where the control node cannot tell.
 */
export async function askTrustedNode(
  problem: Problem,
  control: { readonly connection: Pick<SshConnection, 'run'>; readonly name: string },
): Promise<Problem> {
  const { evidence } = problem;
  if (problem.code !== 'host-key-unknown' || evidence?.kind !== 'host-key') return problem;
  const { host, port } = hostAndPort(evidence.host);
  try {
    const scan = await control.connection.run(keyscanCommand([host], port), { deadlineMs: scanDeadlineMs });
    return besideTrusted(problem, evidence, { via: control.name, keys: parseKeyscan(scan.stdout) });
  } catch (error) {
    // Without the second look the first still stands as it would on a first connection: shown, and asked.
    if (error instanceof ProblemError) return problem;
    throw error;
  }
}

type HostKeyEvidence = Extract<ProblemEvidence, { kind: 'host-key' }>;

/** The problem with the trusted view in it, or the refusal where the two disagree. Pure. */
export function besideTrusted(
  problem: Problem,
  evidence: HostKeyEvidence,
  trusted: { readonly via: string; readonly keys: readonly ScannedKey[] },
): Problem {
  const keys = trusted.keys.map(({ type, fingerprint }) => ({ type, fingerprint }));
  if (keys.length === 0) return problem;
  const seen: HostKeyEvidence = { ...evidence, trustedView: { via: trusted.via, keys } };
  const sameType = trusted.keys.filter((key) => key.type === evidence.shown.type);
  if (sameType.some((key) => key.keyBase64 === evidence.shownKeyBase64)) return { ...problem, evidence: seen };
  return {
    code: 'host-key-differs-from-trusted-node',
    message: `${evidence.host} shows this laptop another ${evidence.shown.type} key than it shows ${trusted.via}: somebody may stand between the laptop and the node.`,
    advice: `Compare both with what “${evidence.consoleCommand}” prints at the machine’s own console. Until they agree, this node is not logged in to.`,
    evidence: seen,
  };
}

/** `host` or `[host]:port`, as known_hosts names it. */
function hostAndPort(name: string): { readonly host: string; readonly port: number } {
  const [, host, port] = /^\[(.+)\]:(\d+)$/u.exec(name) ?? [];
  return host === undefined ? { host: name, port: 22 } : { host, port: Number(port) };
}
