import type { Attribution, Evidence, UnknownReason } from './attribution.ts';
import { type Draft, patch } from './draft.ts';
import type { BotAdded } from './observation.ts';
import type { BotSeen } from './state.ts';
import type { WindowJoin } from './window.ts';

/** Bots never use invites: decided at once, with the adder as soon as the audit log tells. */
export function recordBot(draft: Draft, bot: BotSeen): void {
  patch(draft, { bots: [...draft.rest.bots, bot] });
  recordBotAnswer(draft, bot);
}

/** The audit log names the adder of a bot, before or after its join. */
export function botAdded(draft: Draft, observed: BotAdded): void {
  const { botId, adderId, at } = observed;
  const others = draft.rest.adders.filter((adder) => adder.botId !== botId);
  patch(draft, { adders: [...others, { botId, adderId, at }] });
  const bot = draft.rest.bots.findLast((seen) => seen.userId === botId);
  if (bot && adderId !== null) recordBotAnswer(draft, bot);
}

function recordBotAnswer(draft: Draft, bot: BotSeen): void {
  const known = draft.rest.adders.find((adder) => adder.botId === bot.userId);
  const adderId = known?.adderId ?? null;
  const origin = { kind: 'bot', adderId } as const;
  record(draft, {
    ...bot,
    origin,
    certainty: adderId === null ? 'certain' : 'reported',
    candidates: [{ origin, share: null, uses: null }],
    group: null,
    assumptions: [],
    evidence: [{ kind: 'bot', adderId }],
    settled: true,
  });
}

const FAILED = 'failed:';

/** Whether the last recorded answer said only that there was no look. */
export function isFailure(recorded: string): boolean {
  return recorded.startsWith(FAILED);
}

/** Joins of which nothing can be said, for a reason that is named. */
export function recordUnknown(
  draft: Draft,
  joins: readonly WindowJoin[],
  reason: UnknownReason,
  { frozen }: { readonly frozen: boolean },
): void {
  if (joins.length === 0) return;
  const touched = new Set(joins);
  const recorded = `${FAILED}${reason}:${frozen}`;
  const evidence: readonly Evidence[] = [{ kind: 'failed', reason }];
  const answer = (join: WindowJoin): WindowJoin => {
    if (!touched.has(join) || join.reported || join.recorded === recorded) return join;
    record(draft, {
      userId: join.userId,
      joinedAt: join.joinedAt,
      seenAt: join.seenAt,
      origin: { kind: 'unknown', reason },
      certainty: 'unknown',
      candidates: [],
      group: null,
      assumptions: [],
      evidence,
      whileAway: join.whileAway,
      settled: frozen,
    });
    return { ...join, recorded, frozen, settledAt: frozen ? draft.at : null };
  };
  patch(draft, { joins: draft.rest.joins.map(answer) });
}

export function record(draft: Draft, attribution: Attribution): void {
  draft.effects.push({ kind: 'record', attribution });
}
