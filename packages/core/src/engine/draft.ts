import type { BasicAssumption } from './attribution.ts';
import { REFUTED_FOR_MS } from './constants.ts';
import type { Effect, Note } from './effect.ts';
import type { InviteCode } from './ids.ts';
import type { GuildRest, GuildState, InviteRecord, LookupState } from './state.ts';

/**
 * A step under way. The draft and its copy of the rest change; what they hold is replaced, never
 * changed in place, so that the state before the step stays whole.
 */
export interface Draft {
  readonly at: number;
  invites: ReadonlyMap<InviteCode, InviteRecord>;
  rest: GuildRest;
  readonly effects: Effect[];
  readonly changedCodes: Set<InviteCode>;
  /** Something was learned that may change answers. */
  learned: boolean;
  /** The wants of the window have to be gathered anew. */
  rescan: boolean;
  /** All joins were answered anew in this step: what they wanted before it is out of date. */
  concluded: boolean;
  ownsInvites: boolean;
}

export function draftFrom(state: GuildState, at: number): Draft {
  return {
    at,
    invites: state.invites,
    // A copy of this step's own: patching it in place is what makes a step cheap.
    rest: { ...state.rest },
    effects: [],
    changedCodes: new Set(),
    learned: false,
    rescan: true,
    concluded: false,
    ownsInvites: false,
  };
}

export function patch(draft: Draft, fields: Partial<GuildRest>): void {
  Object.assign(draft.rest, fields);
}

export function patchLookup(draft: Draft, fields: Partial<LookupState>): void {
  patch(draft, { lookup: { ...draft.rest.lookup, ...fields } });
}

/** Writes or (with null) removes the record of one code. */
export function putInvite(draft: Draft, code: InviteCode, record: InviteRecord | null): void {
  if (!draft.ownsInvites) {
    draft.invites = new Map(draft.invites);
    draft.ownsInvites = true;
  }
  const invites = draft.invites as Map<InviteCode, InviteRecord>;
  if (record === null) invites.delete(code);
  else invites.set(code, record);
  draft.changedCodes.add(code);
}

export function note(draft: Draft, entry: Note): void {
  draft.effects.push({ kind: 'note', note: entry });
}

/** What happened cannot happen while the assumption holds. */
export function refute(draft: Draft, assumption: BasicAssumption): void {
  const others = draft.rest.refuted.filter((entry) => entry.assumption !== assumption);
  patch(draft, { refuted: [...others, { assumption, at: draft.at }] });
  note(draft, { kind: 'refuted', assumption, at: draft.at });
}

/** The basic assumptions that do not support `certain` now. */
export function refutedNow(draft: Draft): readonly BasicAssumption[] {
  if (draft.rest.refuted.length === 0) return [];
  return draft.rest.refuted
    .filter((entry) => draft.at - entry.at < REFUTED_FOR_MS)
    .map((entry) => entry.assumption)
    .sort();
}
