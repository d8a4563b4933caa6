import type { Attribution } from './attribution.ts';
import type { Effect, Note } from './effect.ts';
import { emptyState, step } from './engine.ts';
import type { InviteCode, RoleId, UserId } from './ids.ts';
import type { InviteReading, JoinObserved, Observation } from './observation.ts';
import type { GuildState } from './state.ts';

/** The engine's tests tell what a guild saw in a few words; times are seconds after this moment. */
const BEGAN = 1_700_000_000_000;

export const at = (seconds: number): number => BEGAN + Math.round(seconds * 1000);

export function invite(code: string, notes: Partial<InviteReading> = {}): InviteReading {
  return {
    code: code as InviteCode,
    inviterId: `${code}-owner` as UserId,
    channelId: null,
    uses: 0,
    maxUses: 0,
    createdAt: at(-3600),
    expiresAt: null,
    roleIds: [],
    targeted: false,
    bypass: false,
    ...notes,
  };
}

/** A list asked for 0.2 s before it was answered; counts by code, null where one is missing. */
export function list(
  answered: number,
  counts: Readonly<Record<string, number | null | Partial<InviteReading>>>,
  { complete = true }: { readonly complete?: boolean } = {},
): Observation {
  const invites = Object.entries(counts).map(([code, notes]) =>
    invite(code, typeof notes === 'object' && notes !== null ? notes : { uses: notes }),
  );
  return { kind: 'invites', at: at(answered), requestedAt: at(answered - 0.2), invites, complete };
}

export function join(
  user: string,
  joined: number,
  notes: Partial<JoinObserved> & {
    readonly told?: number;
    readonly roles?: readonly string[];
  } = {},
): Observation {
  const { told = joined + 0.1, roles = [], ...rest } = notes;
  return {
    kind: 'join',
    at: at(told),
    userId: user as UserId,
    joinedAt: at(joined),
    bot: false,
    guest: false,
    roleIds: roles as readonly RoleId[],
    replayed: false,
    member: null,
    ...rest,
  };
}

export const leave = (user: string, seconds: number): Observation => ({
  kind: 'leave',
  at: at(seconds),
  userId: user as UserId,
});

export const passed = (seconds: number): Observation => ({ kind: 'time', at: at(seconds) });

export const failed = (
  seconds: number,
  failure: 'refused' | 'unavailable' | 'over-budget',
): Observation => ({ kind: 'lookup-failed', at: at(seconds), what: 'invites', failure });

export const gap = (from: number, to: number): Observation => ({
  kind: 'gap',
  at: at(to),
  from: at(from),
  to: at(to),
  cause: 'outage',
});

export const approval = (seconds: number): Observation => ({
  kind: 'guild',
  at: at(seconds),
  vanityCode: null,
  manualApproval: true,
});

/**
 * If somebody unseen made the use of B in the gap, then x made that of A, and y came from nowhere:
 * both are in doubt.
 */
export const doubted: readonly Observation[] = [
  list(0, { A: 0, B: 0 }),
  gap(7, 8),
  join('x', 12.3),
  list(12.6, { A: 0, B: 1 }),
  join('y', 13.2),
  list(16.2, { A: 1, B: 1 }),
];

/** Where a story tells of no member list, there is none. */
const noList = (at: number): Observation => {
  return { kind: 'lookup-failed', at, what: 'members', failure: 'refused' };
};

export interface Told {
  readonly state: GuildState;
  readonly effects: readonly Effect[];
  readonly records: readonly Attribution[];
  readonly notes: readonly Note[];
  /** The last answer of a join in a line; its assumptions last. */
  line(user: string): string;
}

/** Plays a journal with the wakes that the engine asks for in between. */
export function tell(observations: readonly Observation[]): Told {
  let state = emptyState();
  let wakeAt: number | null = null;
  const listed = observations.some(({ kind }) => kind === 'members');
  const effects: Effect[] = [];
  const feed = (observation: Observation): void => {
    const next = step(state, observation);
    state = next.state;
    effects.push(...next.effects);
    for (const effect of next.effects) if (effect.kind === 'wake') wakeAt = effect.at;
    const wanted = next.effects.some((effect) => effect.kind === 'fetch-members');
    if (wanted && !listed) feed(noList(observation.at));
  };
  for (const observation of observations) {
    // In an outage nothing wakes the engine.
    const until = observation.kind === 'gap' ? observation.from : observation.at;
    for (let wakes = 0; wakeAt !== null && wakeAt < until && wakes < 1_000; wakes += 1) {
      const due: number = wakeAt;
      wakeAt = null;
      feed({ kind: 'time', at: due });
    }
    feed(observation);
  }
  const records = effects.flatMap((effect) =>
    effect.kind === 'record' ? [effect.attribution] : [],
  );
  const notes = effects.flatMap((effect) => (effect.kind === 'note' ? [effect.note] : []));
  const line = (user: string): string => lineOf(records.findLast(({ userId }) => userId === user));
  return { state, effects, records, notes, line };
}

function lineOf(record: Attribution | undefined): string {
  if (record === undefined) return 'nothing';
  const { certainty, origin, candidates, assumptions, settled } = record;
  const nameOf = ({ origin: { kind, ...rest } }: Pick<(typeof candidates)[number], 'origin'>) =>
    'code' in rest ? `${kind}:${rest.code}` : 'reason' in rest ? `${kind}:${rest.reason}` : kind;
  const said = origin === null ? candidates.map(nameOf).join(' or ') : nameOf({ origin });
  const leaning = assumptions.length === 0 ? '' : ` if ${assumptions.join()}`;
  return `${certainty} ${said}${leaning}${settled ? ', settled' : ''}`;
}
