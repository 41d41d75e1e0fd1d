/** A version of semantic versioning 2.0.0 (semver.org), without its build part, which orders nothing. */
export interface Version {
  readonly core: readonly [major: number, minor: number, patch: number];
  readonly prerelease: readonly string[];
}

const identifier = String.raw`(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)`;
const pattern = new RegExp(
  String.raw`^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(?:-(${identifier}(?:\.${identifier})*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$`,
);

/** Reads `0.2.0`, `1.0.0-rc.1+5`; `undefined` for what is none, and for anything longer than a version reasonably is. */
export function parseVersion(text: string): Version | undefined {
  const match = text.length > 64 ? null : pattern.exec(text);
  if (!match) return undefined;
  const [, major, minor, patch, prerelease] = match;
  return {
    core: [Number(major), Number(minor), Number(patch)],
    prerelease: prerelease === undefined ? [] : prerelease.split('.'),
  };
}

/** Below 0 where `left` precedes `right` (semver.org, item 11). */
export function compareVersions(left: Version, right: Version): number {
  for (const index of [0, 1, 2] as const) {
    if (left.core[index] !== right.core[index]) return left.core[index] - right.core[index];
  }
  // A version precedes its own release; of two such, the first that differs decides, and the shorter one precedes.
  if (left.prerelease.length === 0 || right.prerelease.length === 0) {
    return right.prerelease.length - left.prerelease.length;
  }
  for (const [index, word] of left.prerelease.entries()) {
    const other = right.prerelease[index];
    if (other === undefined) return 1;
    const order = compareIdentifiers(word, other);
    if (order !== 0) return order;
  }
  return left.prerelease.length - right.prerelease.length;
}

/** Numbers by value and before words; words by their ASCII order. */
function compareIdentifiers(left: string, right: string): number {
  const [isLeftNumber, isRightNumber] = [/^\d+$/.test(left), /^\d+$/.test(right)];
  if (isLeftNumber !== isRightNumber) return isLeftNumber ? -1 : 1;
  // Without leading zeros the longer number is the larger one, whatever a double could hold.
  if (isLeftNumber && left.length !== right.length) return left.length - right.length;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
