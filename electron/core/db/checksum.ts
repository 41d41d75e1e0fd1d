import { crc32 } from 'node:zlib';

/**
 * A checksum over the fields of a recorded row. SQLite notices a page that is no page, but not a long text of which a piece
 * turned to zeros; a journal that may be wrong has to say so.
 */
export function checksumOf(fields: readonly (string | number | null)[]): number {
  return crc32(JSON.stringify(fields));
}
