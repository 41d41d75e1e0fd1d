/** The code of a system error (`ENOENT`, `ECONNREFUSED` …), or the error in words where it has none. */
export function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}
