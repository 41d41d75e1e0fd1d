/** An OpenSSH public key's base64 of that type, whose bytes are filled with `fill`. */
export function hostKey(type: string, fill: number): string {
  const name = Buffer.from(type);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length);
  return Buffer.concat([length, name, Buffer.from([0, 0, 0, 32]), Buffer.alloc(32, fill)]).toString('base64');
}
