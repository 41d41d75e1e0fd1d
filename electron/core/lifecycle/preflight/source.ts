import { isOld, type Reading } from '#shared/model/reading.ts';
import type { Domain } from '#shared/model/hardware.ts';
import { indexOf } from '../answer-index.ts';
import { newestFencing } from '../fencing.ts';
import { provenWithinMs, type NodeInRegion, type PreflightNode } from './facts.ts';
import { ageWords } from './words.ts';

/** A reading that proves something now, or why none does. */
export type Proof<T> =
  | { readonly kind: 'proven'; readonly value: T }
  | { readonly kind: 'unknown'; readonly because: string };

/** What a reading proves: only what was read within the last minute, or is still within its own interval where `notOld` is asked. */
export function proof<T>(reading: Reading<T>, now: number, ask: 'just-read' | 'not-old' = 'just-read'): Proof<T> {
  if (reading.kind === 'none') return { kind: 'unknown', because: 'it was not read' };
  if (reading.kind === 'unknown') return reading;
  const age = now - reading.readAt;
  const isTooOld = ask === 'just-read' ? age > provenWithinMs : isOld(reading, now);
  if (!isTooOld) return { kind: 'proven', value: reading.value };
  return { kind: 'unknown', because: reading.because ?? `the last answer is ${ageWords(age)} old` };
}

/**
 * In what way the source is there (R19). `off`: fenced and not back, as the fence history of a quorate cluster proves: nothing of before
 * runs on it, so its libvirt need not be asked. Where it was rebooted and shows domains of its own by now, those count. `on`: everything
 * else, whether it answers or not.
 */
export type SourcePower = 'on' | 'off';

export function sourcePower(
  { answer, node, now }: Pick<NodeInRegion, 'answer' | 'node' | 'now'>,
  source: PreflightNode,
): SourcePower {
  const member = indexOf(answer).node(node);
  const isGone = member !== undefined && !member.isOnline && !member.isUnclean && !member.isPending;
  const wasFenced = newestFencing(answer.fencing.filter(({ target }) => target === node)) !== undefined;
  const { status, unknownSince } = source.status;
  const there = domainsThere(source, now);
  const isUp = there.kind === 'proven' && there.value.length > 0;
  return isGone && wasFenced && status === 'fenced' && unknownSince === null && !isUp ? 'off' : 'on';
}

/** The row of the node that is acted on. Whoever gathers gives every member, so a missing one is a bug. */
export function sourceOf({ nodes, node }: Pick<NodeInRegion, 'nodes' | 'node'>): PreflightNode {
  const source = nodes.find(({ name }) => name === node);
  if (source === undefined) throw new Error(`The facts do not have the node ${node} they are about.`);
  return source;
}

/** libvirt's domains that are not shut off: those that are there, running or paused. */
export function domainsThere(source: PreflightNode, now: number): Proof<readonly Domain[]> {
  const libvirt = proof(source.host.libvirt, now);
  if (libvirt.kind === 'unknown') return libvirt;
  if (libvirt.value === 'not-installed') return { kind: 'proven', value: [] };
  if (libvirt.value === 'down') return { kind: 'unknown', because: 'its libvirt is down' };
  const domains = proof(source.host.domains, now);
  if (domains.kind === 'unknown') return domains;
  return { kind: 'proven', value: domains.value.filter(({ state }) => !/^shut ?off$/u.test(state)) };
}
