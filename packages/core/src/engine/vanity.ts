import { CLOCK_ERROR_MS, COUNT_LAG_MS, FALL_LISTS, FALL_SPAN_MS } from './constants.ts';
import { addClass } from './counts.ts';
import { type Draft, note, patch, patchLookup } from './draft.ts';
import type { InviteCode } from './ids.ts';
import type { GuildChanged, VanityRead } from './observation.ts';
import type { GuildRest } from './state.ts';
import { BEGINNING, END_OF_TIME, type UseClass, type WindowJoin } from './window.ts';

/** The guild's own link changed, appeared or went: its counter starts a new baseline (rule 7). */
export function guildChanged(draft: Draft, observed: GuildChanged): void {
  patch(draft, { manualApproval: observed.manualApproval });
  const { vanity } = draft.rest;
  if (vanity.code === observed.vanityCode) return;
  leaveVanity(draft, observed.at);
  const code = observed.vanityCode;
  patch(draft, { vanity: { code, uses: null, readAt: null, unreadAt: null, toldAt: observed.at } });
  // With the list, where one is to be read once lag is over: a use from within a gap must not show
  // in a step after it.
  const readAt = Math.max(observed.at, draft.rest.lookup.refreshAt ?? observed.at);
  patchLookup(draft, { vanityRefreshAt: code === null ? null : readAt });
}

/** What the old code did between its last reading and its end can no longer be counted. */
function leaveVanity(draft: Draft, at: number): void {
  const { code, readAt } = draft.rest.vanity;
  if (code === null) return;
  addClass(draft, vanityClass(code, readAt, { at, uses: null }, null));
  draft.learned = true;
}

/** The vanity counter is measured by itself, never by elimination. */
export function vanityRead(draft: Draft, reading: VanityRead): void {
  patchLookup(draft, { vanityOpen: false });
  const { code, uses } = reading;
  if (code === null || uses === null) {
    // One empty answer is noise (Q12), not a change.
    return vanityFailed(draft, reading.at);
  }
  const { toldAt } = draft.rest.vanity;
  // It was under way when the code was changed or taken away.
  const isOvertaken = toldAt !== null && reading.requestedAt <= toldAt;
  if (isOvertaken && code !== draft.rest.vanity.code) return vanityFailed(draft, reading.at);
  if (isStale(draft, { code, uses, at: reading.at })) return vanityFailed(draft, reading.at);
  const { vanityRefreshAt } = draft.rest.lookup;
  const fresh = vanityRefreshAt !== null && vanityRefreshAt <= reading.requestedAt;
  patchLookup(draft, {
    vanityFailures: 0,
    vanityFailedAt: null,
    vanityRefreshAt: fresh ? null : vanityRefreshAt,
  });
  if (draft.rest.vanity.code !== code) leaveVanity(draft, reading.at);
  const known = draft.rest.vanity.code === code ? draft.rest.vanity : null;
  const uncounted = known?.uses == null || uses < known.uses;
  if (uncounted) addClass(draft, vanityClass(code, known?.readAt ?? null, reading, null));
  else if (uses > known.uses) addClass(draft, vanityClass(code, known.readAt, reading, known.uses));
  patch(draft, {
    vanity: { code, uses, readAt: reading.requestedAt, unreadAt: null, toldAt },
    vanityRefusedAt: null,
  });
  draft.learned = true;
}

/** Lower than the baseline: stale, until enough readings over enough time agree (rule 1). */
function isStale(
  draft: Draft,
  { code, uses, at }: { readonly code: InviteCode; readonly uses: number; readonly at: number },
): boolean {
  const { vanity, falls } = draft.rest;
  const known = falls.find((fall) => fall.code === code);
  const others = falls.filter((fall) => fall.code !== code);
  const falling = vanity.code === code && vanity.uses !== null && uses < vanity.uses;
  const fall = { code, since: known?.since ?? at, lists: (known?.lists ?? 0) + 1 };
  const believed = fall.lists >= FALL_LISTS && at - fall.since >= FALL_SPAN_MS;
  if (!falling || believed) {
    if (known) patch(draft, { falls: others });
    return false;
  }
  if (!known) note(draft, { kind: 'count-fell', code, at });
  patch(draft, { falls: [...others, fall] });
  return true;
}

/** The counter could not be read; it is asked again later. */
export function vanityFailed(draft: Draft, at: number): void {
  const vanityFailures = draft.rest.lookup.vanityFailures + 1;
  patchLookup(draft, { vanityOpen: false, vanityFailures, vanityFailedAt: at });
  patch(draft, { vanity: { ...draft.rest.vanity, unreadAt: at } });
  draft.learned = true;
}

/** A step of the counter; `fromUses` null means that its length is not known. */
function vanityClass(
  code: InviteCode,
  readAt: number | null,
  reading: { readonly at: number; readonly uses: number | null },
  fromUses: number | null,
): UseClass {
  return {
    source: { kind: 'vanity', code },
    from: readAt === null ? BEGINNING : readAt - COUNT_LAG_MS - CLOCK_ERROR_MS,
    fromWithoutLag: readAt === null ? BEGINNING : readAt - CLOCK_ERROR_MS,
    until: reading.at + CLOCK_ERROR_MS,
    counted: fromUses === null ? 0 : (reading.uses ?? 0) - fromUses,
    limit: null,
    ifUsedUp: 0,
    stepFrom: readAt ?? BEGINNING,
    answeredAt: reading.at,
    fromUses: fromUses ?? 0,
    toUses: reading.uses ?? 0,
    vanished: null,
    awaits: false,
  };
}

/** Whether the vanity link can be ruled out for a join, or is known to be possible. */
export function isVanityKnown({ rest }: Draft, join: WindowJoin): boolean {
  const { vanity, vanityRefusedAt } = rest;
  if (vanity.code === null || join.vanityCoveredAt !== null) return true;
  return vanity.unreadAt !== null || vanityRefusedAt !== null;
}

/** While the counter cannot be read, anyone since its last reading may have used it. */
export function pendingVanityClass(rest: GuildRest): UseClass | null {
  const { code, readAt, unreadAt } = rest.vanity;
  const since = unreadAt ?? rest.vanityRefusedAt;
  if (code === null || since === null) return null;
  const open = vanityClass(code, readAt, { at: since, uses: null }, null);
  return { ...open, until: END_OF_TIME, awaits: rest.vanityRefusedAt === null };
}
