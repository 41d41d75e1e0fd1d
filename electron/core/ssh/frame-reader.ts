/** What one stream carried before its end mark, and the words inside the mark. */
export interface Frame {
  readonly body: Buffer;
  readonly words: string;
}

const closing = 0x3b; // ;

/**
 * Collects one stream of a shell until its end mark `NONCE:words;`. The mark holds 128 random bits made for this one request, so that
 * no output can contain it by chance or by intent, whatever bytes it has. Bytes are searched once: a mark cut in two by the network
 * is found through a tail no longer than the mark.
 */
export class FrameReader {
  readonly #mark: Buffer;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #tail: Buffer = Buffer.alloc(0);

  readonly #onBytes: ((bytes: Buffer) => void) | undefined;

  /** With `onBytes` the body is told as it comes and not kept; what could be the beginning of the mark is held back. */
  constructor(nonce: string, onBytes?: (bytes: Buffer) => void) {
    this.#mark = Buffer.from(`${nonce}:`, 'latin1');
    this.#onBytes = onBytes;
  }

  /** Bytes kept so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The text kept so far, where there is no frame yet; at most 64 KiB of it. */
  get kept(): string {
    return Buffer.concat(this.#chunks).toString('utf8', 0, 65_536);
  }

  /** Takes the next bytes; the frame when they complete it. Bytes after the mark belong to nobody and are dropped. */
  push(chunk: Buffer): Frame | undefined {
    if (this.#onBytes === undefined) {
      this.#chunks.push(chunk);
      this.#bytes += chunk.length;
    }
    const window = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk]);
    const at = window.indexOf(this.#mark);
    const end = at < 0 ? -1 : window.indexOf(closing, at + this.#mark.length);
    if (end < 0) {
      // From a mark on, or else the last bytes that could be the beginning of one.
      this.#tail = window.subarray(at < 0 ? window.length - this.#begunBytes(window) : at);
      if (this.#onBytes !== undefined) this.#tell(window.subarray(0, window.length - this.#tail.length));
      return undefined;
    }
    const words = window.toString('latin1', at + this.#mark.length, end);
    if (this.#onBytes !== undefined) {
      this.#tell(window.subarray(0, at));
      return { body: Buffer.alloc(0), words };
    }
    const bodyBytes = this.#bytes - window.length + at;
    const all = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    return { body: all.subarray(0, bodyBytes), words };
  }

  /** How many bytes at the end are the beginning of a mark: a line that is told as it comes must not wait for the next one. */
  #begunBytes(window: Buffer): number {
    const most = Math.min(window.length, this.#mark.length - 1);
    for (let count = most; count > 0; count -= 1)
      if (window.subarray(window.length - count).equals(this.#mark.subarray(0, count))) return count;
    return 0;
  }

  #tell(bytes: Buffer): void {
    if (bytes.length > 0) this.#onBytes?.(bytes);
  }
}
