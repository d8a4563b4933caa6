import type { Attribution, Origin, SearchedMember } from 'wherefrom';

/**
 * The answer for somebody who joined before the bot watched: what Discord recorded, or that it has
 * no record. There is nothing that counters could say. `at`: when the record was read.
 */
export function recordedAnswer(member: SearchedMember, at: number): Attribution {
  const { userId, joinedAt, bot, origin } = member;
  const shared = { userId, joinedAt, seenAt: at, group: null, assumptions: [], whileAway: false };
  // Bots never use invites (Q27), whatever number stands in their record.
  if (bot) {
    const added: Origin = { kind: 'bot', adderId: null };
    const evidence = [{ kind: 'bot', adderId: null }] as const;
    return { ...shared, ...settledOn(added), certainty: 'certain', evidence };
  }
  if (origin === null) {
    const reason = 'no-record';
    const unknown: Origin = { kind: 'unknown', reason };
    const evidence = [{ kind: 'failed', reason }] as const;
    return { ...shared, ...settledOn(unknown), candidates: [], certainty: 'unknown', evidence };
  }
  const inferred = { certainty: 'unknown', origin: null } as const;
  const evidence = [{ kind: 'reported', origin, at, inferred }] as const;
  return { ...shared, ...settledOn(origin), certainty: 'reported', evidence };
}

function settledOn(origin: Origin): Pick<Attribution, 'origin' | 'candidates' | 'settled'> {
  return { origin, candidates: [{ origin, share: null, uses: null }], settled: true };
}
