import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameReader } from '../../../../electron/core/ssh/frame-reader.ts';

const nonce = '0123456789abcdef0123456789abcdef';

/** Cuts bytes at the given places, as a network would. */
function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const ends = [...new Set([...places.map((place) => place % (bytes.length + 1)), bytes.length])].toSorted(
    (a, b) => a - b,
  );
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end)).filter((part) => part.length > 0);
}

const nearlyMarks = fc.constantFrom(nonce.slice(0, 31), nonce, `${nonce.slice(0, 16)}:`, ';', ':', `${nonce};`);
const body = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      nearlyMarks.map((text) => Buffer.from(text)),
    ),
    {
      maxLength: 8,
    },
  )
  .map((parts) => Buffer.concat(parts))
  // 128 random bits do not come up by chance; the property is about everything short of the mark itself.
  .filter(
    (bytes) =>
      !bytes.includes(`${nonce}:`) &&
      !Buffer.concat([bytes, Buffer.from(nonce)])
        .subarray(0, -1)
        .includes(nonce + ':'),
  );

test('a frame is found whatever its bytes are and wherever the network cuts it', () => {
  fc.assert(
    fc.property(body, fc.array(fc.nat(500), { maxLength: 12 }), (bytes, places) => {
      const reader = new FrameReader(nonce);
      const frames = cut(Buffer.concat([bytes, Buffer.from(`${nonce}:0;`)]), places).map((part) => reader.push(part));
      expect(frames.slice(0, -1).every((frame) => frame === undefined)).toBe(true);
      expect(frames.at(-1)).toEqual({ body: bytes, words: '0' });
    }),
  );
});

test('a streaming reader tells the same bytes, and none of the mark', () => {
  fc.assert(
    fc.property(body, fc.array(fc.nat(500), { maxLength: 12 }), (bytes, places) => {
      const told: Buffer[] = [];
      const reader = new FrameReader(nonce, (part) => told.push(Buffer.from(part)));
      for (const part of cut(Buffer.concat([bytes, Buffer.from(`${nonce}:127;`)]), places)) reader.push(part);
      expect(Buffer.concat(told)).toEqual(bytes);
    }),
  );
});

test('what cannot be the beginning of a mark is told at once: a line of a log does not wait for the next', () => {
  const told: string[] = [];
  const reader = new FrameReader(nonce, (part) => told.push(part.toString()));
  reader.push(Buffer.from('one line\n'));
  expect(told).toEqual(['one line\n']);
  reader.push(Buffer.from(`another ${nonce.slice(0, 3)}`));
  expect(told.at(-1)).toBe('another ');
  reader.push(Buffer.from(' is no mark'));
  expect(told.join('')).toBe(`one line\nanother ${nonce.slice(0, 3)} is no mark`);
});
