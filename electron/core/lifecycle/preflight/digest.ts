import type { PlannedVm, PreflightCheck } from '#shared/model/maintenance.ts';

/**
 * Names what a person decided on: checks with their states and subjects, and each VM with its effect and target. Figures and words are no
 * part of it: they flicker, and nobody decides on the second digit of a percentage. The order in which things are told is no part either.
 * 32 hex digits; a fingerprint, nothing secret.
 */
export function digestOf(
  checks: readonly Pick<PreflightCheck, 'code' | 'state' | 'subjects'>[],
  vms: readonly Pick<PlannedVm, 'resource' | 'node' | 'effect' | 'target' | 'needsTick'>[],
  more: readonly string[] = [],
): string {
  const lines = [
    ...checks.map(({ code, state, subjects }) => ['check', code, state, ...subjects.toSorted()]),
    ...vms.map(({ resource, node, effect, target, needsTick }) => [
      'vm',
      resource,
      node,
      effect,
      target ?? '',
      needsTick ? 'tick' : '',
    ]),
    ...more.map((line) => ['more', line]),
  ].map((line) => JSON.stringify(line));
  const text = lines.toSorted().join('\n');
  return [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b].map((seed) => hash(text, seed)).join('');
}

/** FNV-1a with a final mix (murmur3's), 32 bits. */
function hash(text: string, seed: number): string {
  let value = seed | 0;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return ((value ^ (value >>> 16)) >>> 0).toString(16).padStart(8, '0');
}
