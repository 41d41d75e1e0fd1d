/**
 * The one function that makes a remote argument safe (R27). Inside single quotes a POSIX shell knows no special character
 * but the single quote itself, so that one is closed, escaped and opened again (POSIX.1-2017, XCU 2.2.2).
 * A NUL byte cannot be an argument of any process; it is a bug of the caller and is refused.
 */
export function quote(argument: string): string {
  if (argument.includes('\0')) throw new Error('A remote argument contains a NUL byte, which no process can receive.');
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** Several arguments, each quoted, separated by one space. */
export function quoteAll(args: readonly string[]): string {
  return args.map(quote).join(' ');
}
