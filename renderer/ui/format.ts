/**
 * Values as a person reads them (`visual.md`, Words): thousands with a comma, units apart from their number, times local with
 * the zone on hover. Pure: the zone can be given, so that a test does not depend on the machine's.
 */
import { withMoments } from '#shared/model/moment.ts';

/** What stands where a question does not apply. Never for a missing number. */
export const notApplicable = '—';

const gibibyte = 2 ** 30;
const terabyte = 1e12;
const gigabit = 1e9;

function grouped(decimals: number): Intl.NumberFormat {
  return new Intl.NumberFormat('en-GB', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
const [whole, tenths, hundredths] = [grouped(0), grouped(1), grouped(2)];

/** `1,024`. */
export const formatCount = (count: number): string => whole.format(count);

/** `62`, for a column whose head has the `%`. */
export const formatPercent = (percent: number): string => whole.format(percent);

const twoDigits = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 2 });

/** Bytes as GiB, without the unit: `512`, `1,024`; below 10 with a tenth where it has one: `3.8`; below a tenth `0.031`. Only nothing at all is `0`. */
export function formatGib(bytes: number): string {
  const value = bytes / gibibyte;
  if (value > 0 && value < 0.095) return value < 0.001 ? '<0.001' : twoDigits.format(value);
  return (value < 9.95 && Math.abs(value - Math.round(value)) >= 0.05 ? tenths : whole).format(value);
}

/** Bytes as TB (10¹²), without the unit: `30.7`; below 1 with hundredths: `0.02`. */
export function formatTb(bytes: number): string {
  const value = bytes / terabyte;
  return (value < 0.995 ? hundredths : tenths).format(value);
}

/** Bits per second as Gbit/s, without the unit, with hundredths: `6.77`, `<0.01`. Only nothing at all is `0`. */
export function formatGbit(bitsPerSecond: number): string {
  const value = bitsPerSecond / gigabit;
  if (value <= 0) return '0';
  return value < 0.005 ? '<0.01' : hundredths.format(value);
}

/** A size with its unit, GiB or from 1 TB on TB: `124 GiB`, `30.7 TB`. */
export function formatSize(bytes: number): string {
  return bytes >= terabyte ? `${formatTb(bytes)} TB` : `${formatGib(bytes)} GiB`;
}

/** Two sizes that share the unit of the larger: `446 of 512 GiB`. */
export function formatPart(part: number, total: number): string {
  return total >= terabyte
    ? `${formatTb(part)} of ${formatTb(total)} TB`
    : `${formatGib(part)} of ${formatGib(total)} GiB`;
}

const units = [
  { name: 'd', seconds: 86_400 },
  { name: 'h', seconds: 3600 },
  { name: 'm', seconds: 60 },
  { name: 's', seconds: 1 },
] as const;

/** Seconds as at most two neighbouring units: `41 d 6 h`, `2 h 9 m`, `6 m`, `40 s`. */
export function formatDuration(seconds: number): string {
  const rest = Math.max(0, Math.floor(seconds));
  const index = Math.max(
    0,
    units.findIndex((unit) => rest >= unit.seconds),
  );
  const unit = rest === 0 ? units[3] : units[index];
  if (!unit) return `${String(rest)} s`;
  const amount = Math.floor(rest / unit.seconds);
  const next = units[index + 1];
  // Below an hour seconds would only flicker.
  if (!next || next.name === 's') return `${whole.format(amount)} ${unit.name}`;
  const remainder = Math.floor((rest % unit.seconds) / next.seconds);
  return `${whole.format(amount)} ${unit.name}${remainder > 0 ? ` ${String(remainder)} ${next.name}` : ''}`;
}

/** How long something took or takes: `0.3 s`, `19 s`, `3 m 34 s`, `2 h 9 m`. Unlike an age it is watched, so its seconds count. */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, ms / 1000);
  if (seconds < 9.95) return `${tenths.format(seconds)} s`;
  const rest = Math.floor(seconds);
  if (rest < 60 || rest >= 3600) return formatDuration(rest);
  return `${String(Math.floor(rest / 60))} m${rest % 60 > 0 ? ` ${String(rest % 60)} s` : ''}`;
}

/** Bytes as MiB, without the unit: `14,254`. */
export const formatMib = (bytes: number): string => whole.format(bytes / 2 ** 20);

/** Milliseconds as one unit: `4 s`, `14 m`, `3 h`, `12 d`. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const unit = units.find((candidate) => seconds >= candidate.seconds) ?? units[3];
  return `${whole.format(Math.floor(seconds / unit.seconds))} ${unit.name}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(name: string, options: Intl.DateTimeFormatOptions, timeZone: string | undefined) {
  const key = `${name} ${timeZone ?? ''}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', timeZone === undefined ? options : { ...options, timeZone });
    formats.set(key, format);
  }
  return format;
}

const dayOf = (at: number, timeZone: string | undefined): string =>
  dateFormat('day', { day: 'numeric', month: 'short', year: 'numeric' }, timeZone).format(at);

/** `14:02`; on another day than `now` with the day: `12 Oct, 14:02`. */
export function formatTime(at: number, now: number, timeZone?: string): string {
  const time = dateFormat('time', { hour: '2-digit', minute: '2-digit' }, timeZone).format(at);
  if (dayOf(at, timeZone) === dayOf(now, timeZone)) return time;
  return `${dateFormat('short day', { day: 'numeric', month: 'short' }, timeZone).format(at)}, ${time}`;
}

/** `13:48:07 CET`; on another day than `now` with the day: `12 Oct 2026, 13:48:07 CET`. */
export function formatExactTime(at: number, now: number, timeZone?: string): string {
  const options: Intl.DateTimeFormatOptions = {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  };
  const time = dateFormat('exact', options, timeZone).format(at);
  const day = dayOf(at, timeZone);
  return day === dayOf(now, timeZone) ? time : `${day}, ${time}`;
}

/**
 * A reason, a warning or an evidence as a person reads it: its moments (`momentToken`) local, `short` in a line, `exact` with the zone
 * where it is asked for, `iso` (UTC) where it leaves the app.
 */
export function formatReason(
  text: string,
  now: number,
  how: 'short' | 'exact' | 'iso' = 'short',
  timeZone?: string,
): string {
  const isToday = (at: number): boolean => dayOf(at, timeZone) === dayOf(now, timeZone);
  const dated = text.replaceAll(/\bat (?=\{at:(\d{1,15})\})/g, (words, at: string) =>
    how === 'iso' || isToday(Number(at)) ? words : 'on ',
  );
  return withMoments(dated, (at) => {
    if (how === 'iso') return new Date(at).toISOString();
    return how === 'short' ? formatTime(at, now, timeZone) : formatExactTime(at, now, timeZone);
  });
}

/** `1 node`, `2 nodes`, `1,024 nodes`. */
export function formatPlural(count: number, one: string, many = `${one}s`): string {
  return `${whole.format(count)} ${count === 1 ? one : many}`;
}

/** The text with a full stop, where it has no mark of its own at its end. */
export const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);
