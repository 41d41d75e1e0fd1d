import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SectionedOutput } from '../../../../electron/core/ssh/sections.ts';

const fixtures = new URL('../../../fixtures/', import.meta.url);

/** A captured output of a real node, byte for byte: `STATE/NODE/FILE` (`test/fixtures/captures/INDEX.md`). */
export function captured(path: string): string {
  return readFileSync(fileURLToPath(new URL(`captures/${path}`, fixtures)), 'utf8');
}

const nonce = '00112233445566778899aabbccddeeff';

/**
 * What a probe's whole script said on a node of our lab. It was captured while the marks still began with a constant word, so the mark lines,
 * and nothing else, are replaced here: `@@rackside NAME` is `NONCE begin NAME` today, `@@rackside NAME.status N` is `NONCE status N`, and
 * `@@rackside end` is `NONCE complete`, which stderr has as well now.
 */
export function capturedAnswer(node: string, probe: string): SectionedOutput {
  const framed = (text: string) =>
    text.replaceAll(/\n@@rackside (\S+)( \d+)?\n/g, (_mark, name: string, status?: string) => {
      if (status !== undefined) return `\n${nonce} status${status}\n`;
      return name === 'end' ? `\n${nonce} complete\n` : `\n${nonce} begin ${name}\n`;
    });
  const stdout = framed(captured(`lab-own/${node}/${probe}.txt`));
  const stderr = `${framed(captured(`lab-own/${node}/${probe}.txt.err`))}\n${nonce} complete\n`;
  return { nonce, stdout, stderr, exitStatus: 0 };
}

/** An output taken from a tool's documentation, because no lab node can produce it. */
export function documented(path: string): string {
  return readFileSync(fileURLToPath(new URL(`documented/${path}`, fixtures)), 'utf8');
}
