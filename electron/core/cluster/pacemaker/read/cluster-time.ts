/**
 * UTC ms of a time as Pacemaker's XML writes it with a zone: `2026-11-22 11:20:07Z`, `2026-11-22 12:20:07 +01:00`,
 * `2026-11-22 11:20:07.123456Z`. `null` for a text without one (`Sun Nov 22 11:17:24 2026`): whose clock that is nobody can tell.
 */
export function parseClusterTime(text: string): number | null {
  const parts = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d{1,3})?\d* ?(Z|[+-]\d\d:?\d\d)$/u.exec(text.trim());
  if (parts === null) return null;
  const [, day, time, fraction = '', zone = 'Z'] = parts;
  const at = Date.parse(`${day}T${time}${fraction}${zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`}`);
  return Number.isNaN(at) ? null : at;
}
