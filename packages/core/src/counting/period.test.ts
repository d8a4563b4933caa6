import assert from 'node:assert/strict';
import test from 'node:test';
import { type Period, periodStart } from './period.ts';

const rows: readonly [string, Period, string, string, string][] = [
  ['a day in UTC', 'day', '2026-11-26T08:45:20Z', 'UTC', '2026-11-26T00:00:00.000Z'],
  ['the first instant of a day', 'day', '2026-11-26T00:00:00Z', 'UTC', '2026-11-26T00:00:00.000Z'],
  [
    'a day that began yesterday in UTC',
    'day',
    '2026-11-26T08:45:20Z',
    'Asia/Tokyo',
    '2026-11-25T15:00:00.000Z',
  ],
  ['the far east', 'day', '2026-11-26T11:00:00Z', 'Pacific/Kiritimati', '2026-11-26T10:00:00.000Z'],
  ['the far west', 'day', '2026-11-26T08:45:20Z', 'Pacific/Pago_Pago', '2026-11-25T11:00:00.000Z'],
  ['a half hour', 'day', '2026-11-26T08:45:20Z', 'Asia/Kolkata', '2026-11-25T18:30:00.000Z'],
  ['a day of 23 hours', 'day', '2026-03-29T12:00:00Z', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
  [
    'a day whose midnight does not exist',
    'day',
    '2024-04-26T12:00:00Z',
    'Africa/Cairo',
    '2024-04-25T22:00:00.000Z',
  ],
  ['a week begins on Monday', 'week', '2026-11-26T08:45:20Z', 'UTC', '2026-11-23T00:00:00.000Z'],
  ['Sunday ends the week', 'week', '2026-11-29T23:59:59Z', 'UTC', '2026-11-23T00:00:00.000Z'],
  [
    'a week over a change of clocks',
    'week',
    '2026-03-29T12:00:00Z',
    'Europe/Berlin',
    '2026-03-22T23:00:00.000Z',
  ],
  [
    'a month over a change of clocks',
    'month',
    '2026-10-31T12:00:00Z',
    'America/New_York',
    '2026-10-01T04:00:00.000Z',
  ],
  [
    'the first of January',
    'month',
    '2026-01-01T00:30:00Z',
    'Europe/London',
    '2026-01-01T00:00:00.000Z',
  ],
];

for (const [sentence, period, now, zone, expected] of rows) {
  test(`period: ${sentence}`, () => {
    const start = periodStart(period, Date.parse(now), zone, null);
    assert.equal(new Date(start!).toISOString(), expected);
  });
}

test('all time has no beginning, and a season begins where it was begun', () => {
  assert.equal(periodStart('all', 5, 'UTC', 3), null);
  assert.equal(periodStart('season', 5, 'UTC', 3), 3);
});

test('a name that is no time zone is refused', () => {
  assert.throws(() => periodStart('day', 0, 'Europe/Nowhere', null), RangeError);
});
