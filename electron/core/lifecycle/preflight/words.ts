const mib = 1_048_576;
const gib = 1024 * mib;

/** `96 GiB`, `1.5 GiB`, `32 MiB`: of memory. */
export function memoryWords(bytes: number): string {
  if (bytes < gib) return `${Math.round(bytes / mib)} MiB`;
  const value = bytes / gib;
  return `${value >= 10 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)} GiB`;
}

/** `74 %`, rounded up where it crosses a limit: 90.2 % must not read as 90 %. */
export function percentWords(share: number): string {
  return `${Math.ceil(share * 100 - 1e-9)} %`;
}

/** `a`, `a and b`, `a, b and c`; of many the first `most` and how many more. Nothing is left uncounted. */
export function listWords(names: readonly string[], most = 8): string {
  if (names.length > most) return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** `1 VM`, `3 VMs`. */
export function countWords(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** `14 m`, `3 s`: how long ago. */
export function ageWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} m` : `${Math.round(minutes / 60)} h`;
}

/** The words with a full stop. A line that begins with a name keeps it as it is spelt: `vm1` is no `Vm1`. */
export function line(words: string): string {
  return words === '' || /[.!?]$/u.test(words) ? words : `${words}.`;
}

/** The same with its first letter upper, for what was a clause. */
export function sentence(words: string): string {
  return line(`${words.slice(0, 1).toUpperCase()}${words.slice(1)}`);
}
