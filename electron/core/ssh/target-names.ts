import type { SshTarget } from './transport.ts';

/** The name host keys are kept under, as OpenSSH writes it: `host`, or `[host]:port` where the port is not 22. */
export function knownHostName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

/** A machine in the words of a message: `10.0.0.5`, or `10.0.0.5 port 2222`. */
export function machineName(target: SshTarget): string {
  return target.port === 22 ? target.host : `${target.host} port ${target.port}`;
}

/** The way to a target, flattened: jump hosts of jump hosts come before them, the target itself is not in it. */
export function hopsTo(target: SshTarget): readonly SshTarget[] {
  return target.jumps.flatMap((jump) => [...hopsTo(jump), { ...jump, jumps: [] }]);
}

/** Equal for targets that share one connection: same machine, login, proofs, way and scope of secrets. */
export function targetKey(target: SshTarget): string {
  return JSON.stringify([
    target.host.toLowerCase(),
    target.port,
    target.user,
    target.secretScope,
    target.methods.map((method) => [
      method.kind,
      method.kind === 'agent' ? (method.socketPath ?? null) : method.kind === 'private-key' ? method.keyFile : null,
    ]),
    hopsTo(target).map((hop) => targetKey(hop)),
  ]);
}
