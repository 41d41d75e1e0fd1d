import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const fixtures = new URL('../../../fixtures/', import.meta.url);

/** A captured output of a real node, byte for byte: `STATE/NODE/FILE` (`test/fixtures/captures/INDEX.md`). */
export function captured(path: string): string {
  return readFileSync(fileURLToPath(new URL(`captures/${path}`, fixtures)), 'utf8');
}

/** An output taken from a tool's documentation, because no lab node can produce it. */
export function documented(path: string): string {
  return readFileSync(fileURLToPath(new URL(`documented/${path}`, fixtures)), 'utf8');
}
