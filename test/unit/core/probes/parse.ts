import { frameSections } from '../../../../electron/core/ssh/sections.ts';
import type { Probe, ProbeOutput } from '../../../../electron/core/probes/probe.ts';

/** A probe's answer whose parts read as given; those that end in an exit status other than 0 name it. */
export function answerOf(
  texts: Readonly<
    Record<string, string | { readonly text?: string; readonly error?: string; readonly status: number }>
  >,
): ProbeOutput {
  return frameSections(
    Object.entries(texts).map(([name, part]) =>
      typeof part === 'string' ? { name, text: part, status: 0 } : { name, text: '', ...part },
    ),
  );
}

/** The value of an answer that must have one. */
export function valueOf<T>(probe: Probe<T>, output: ProbeOutput): T {
  const parsed = probe.parse(output);
  if (parsed.kind === 'unknown') throw new Error(`${probe.id} is unknown because ${parsed.because}`);
  return parsed.value;
}

/** Why an answer gave no value. */
export function becauseOf(probe: Probe<unknown>, output: ProbeOutput): string {
  const parsed = probe.parse(output);
  if (parsed.kind === 'value') throw new Error(`${probe.id} has a value: ${JSON.stringify(parsed.value)}`);
  return parsed.because;
}

/** A tool that is not installed, as dash says it. */
export function notInstalled(tool: string) {
  return { error: `/bin/sh: 3: ${tool}: not found\n`, status: 127 };
}
