import { create } from 'zustand';

/**
 * What this page let go wrong in the demo region since its last heal or reset, in words, oldest first. A node that was killed may be back
 * by now: this says what was asked for, the table says what is.
 */
export const useDemoFaults = create<{ readonly words: readonly string[] }>(() => ({ words: [] }));

/** One more; the same asked for again is not told twice. */
export function noteFault(words: string): void {
  useDemoFaults.setState((state) => ({ words: [...state.words.filter((other) => other !== words), words] }));
}

/** All of them are healed, or the region is another. */
export function forgetFaults(): void {
  useDemoFaults.setState({ words: [] });
}
