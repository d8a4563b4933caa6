/** What a leaderboard may look back on. A week begins on Monday. */
export type Period = 'day' | 'week' | 'month' | 'season' | 'all';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * When the period that holds at `now` began, in milliseconds since 1970; null for no beginning.
 * Days begin at the first instant that carries their date in the time zone, which need not be
 * midnight where clocks are put forward.
 * @param timeZone an IANA name
 * @param season when the season began, or null
 * @throws RangeError for a name that is no time zone
 */
export function periodStart(
  period: Period,
  now: number,
  timeZone: string,
  season: number | null,
): number | null {
  switch (period) {
    case 'all':
      return null;
    case 'season':
      return season;
    case 'day':
    case 'week':
    case 'month':
      return calendarStart(period, now, timeZone);
  }
}

function calendarStart(period: 'day' | 'week' | 'month', now: number, timeZone: string): number {
  const dateOf = dateReader(timeZone);
  const today = dateOf(now);
  return firstInstantOf(firstDate(period, today), dateOf);
}

/** Dates are written as the UTC midnight of the same date: plain numbers that can be compared. */
function firstDate(period: 'day' | 'week' | 'month', today: number): number {
  const date = new Date(today);
  if (period === 'month') return today - (date.getUTCDate() - 1) * DAY_MS;
  return period === 'week' ? today - ((date.getUTCDay() + 6) % 7) * DAY_MS : today;
}

function dateReader(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(parts.get('year')!, parts.get('month')! - 1, parts.get('day')!);
  };
}

// Zones lie within 14 hours of UTC; the date is sought between safely too early and too late.
function firstInstantOf(date: number, dateOf: (at: number) => number): number {
  let before = date - 26 * HOUR_MS;
  let from = date + 26 * HOUR_MS;
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2);
    if (dateOf(middle) >= date) from = middle;
    else before = middle;
  }
  return from;
}
