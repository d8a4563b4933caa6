import {
  DEFAULT_COUNTING_RULE,
  type InviteCode,
  leaderboard,
  type SettledJoin,
  scoreJoins,
  tallies,
  type UserId,
} from 'wherefrom';
import { codeOf, snowflake } from './payloads.ts';
import { type Figure, median } from './report.ts';

const JOINS = 100_000;
const START = 1_700_000_000_000;
const DAY_MS = 86_400_000;
const ROUNDS = 7;

/** A year of a large guild: every third member leaves, every eleventh comes back. */
function history(): SettledJoin[] {
  return Array.from({ length: JOINS }, (_, n): SettledJoin => {
    const joinedAt = START + n * 315_000;
    const inviterId = snowflake(2_000_000 + ((n * 7_919) % 3_000)) as UserId;
    return {
      userId: snowflake(n % 11 === 0 ? n >> 1 : n) as UserId,
      joinedAt,
      certainty: n % 9 === 0 ? 'likely' : 'certain',
      origin: { kind: 'invite', code: codeOf(n % 5_000) as InviteCode, inviterId },
      candidates: [],
      group: null,
      accountCreatedAt: joinedAt - (n % 400) * DAY_MS,
      leftAt: n % 3 === 0 ? joinedAt + (n % 20) * DAY_MS : null,
      hasAvatar: n % 4 !== 0,
      hasQuarantinedName: false,
      isPending: false,
      roleIds: [],
      firstMessageAt: n % 2 === 0 ? joinedAt + 60_000 : null,
    };
  });
}

function timed(run: () => void): number {
  const began = performance.now();
  run();
  return performance.now() - began;
}

/** A changed rule: the whole history judged again, added up and ranked; against reading it from JSON. */
export function rescored(): Figure[] {
  const joins = history();
  const text = JSON.stringify(joins);
  const now = START + JOINS * 315_000 + 8 * DAY_MS;
  const rule = { ...DEFAULT_COUNTING_RULE, creditsLikely: false };
  const rescore = (): void => {
    const board = tallies(scoreJoins(joins, [], rule, now), [], { from: null, to: null });
    leaderboard(board, 'qualified', new Set());
  };
  const rounds = Array.from({ length: ROUNDS }, () => {
    const rescoreMs = timed(rescore);
    return { rescoreMs, parseMs: timed(() => JSON.parse(text)) };
  }).slice(2);
  const rescoreMs = median(rounds.map((round) => round.rescoreMs));
  const ratio = median(rounds.map((round) => round.rescoreMs / round.parseMs));
  return [
    {
      name: 'a changed rule over 100,000 joins',
      value: rescoreMs,
      unit: 'ms',
      atMost: 2_000,
      detail: 'judged, added up and ranked; facts in memory',
    },
    {
      name: 'the same / JSON.parse of these facts',
      value: ratio,
      unit: 'x',
      atMost: null,
      detail: `${(text.length / 1e6).toFixed(0)} MB of JSON`,
    },
  ];
}
