const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

/**
 * A timestamp of Discord (ISO 8601, up to microseconds, with an offset) in ms since 1970, or null.
 * Read by hand because `Date.parse` promises nothing beyond three digits, and takes February 31.
 */
export function timeOf(value: unknown): number | null {
  const parts = typeof value === 'string' ? ISO.exec(value) : null;
  if (parts === null) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as SixNumbers;
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  if (!isSameDay(wall, month, day) || hour > 23 || minute > 59 || second > 59) return null;
  return wall + milliseconds(parts[7]) - offsetMs(parts[8] ?? 'Z');
}

type SixNumbers = [number, number, number, number, number, number];

function isSameDay(wall: number, month: number, day: number): boolean {
  const date = new Date(wall);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

// Cut, not rounded: a time never moves into the next millisecond.
function milliseconds(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.padEnd(3, '0').slice(0, 3));
}

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
