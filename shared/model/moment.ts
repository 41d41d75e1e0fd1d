/**
 * A moment inside a text that the core writes and a person reads: the core does not know in which time zone that person is. It
 * stands there as `{at:1732380000000}` (UTC ms), and whoever shows the text writes it out.
 */
export function momentToken(at: number): string {
  return `{at:${Math.round(at)}}`;
}

/** The text with each of its moments as `write` puts it. */
export function withMoments(text: string, write: (at: number) => string): string {
  return text.replaceAll(/\{at:(\d{1,15})\}/g, (_token, at: string) => write(Number(at)));
}

/** The text with its moments in UTC (ISO 8601), for what leaves the screen: an export, a report. */
export const withUtcMoments = (text: string): string => withMoments(text, (at) => new Date(at).toISOString());
