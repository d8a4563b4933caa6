/**
 * The constants of the assumptions behind `certain` (A2, A3, A6) and of the budgets.
 * All in milliseconds. Changing one changes answers for the same journal: a breaking change.
 */

/** A2, G: a join's event reaches us at most this long after `joined_at`, outside a replay. */
export const EVENT_DELAY_MS = 2_000;
/** A3, H: a use is visible in the list at most this long after the join. */
export const COUNT_LAG_MS = 3_000;
/** A6, e: Discord's clock and ours differ by at most this, either way, once the offset is known. */
export const CLOCK_ERROR_MS = 500;
/**
 * How long after the answer that explains it a join stays provisional: an event of a join before
 * that answer may come G later, read off two clocks that may each be e wrong.
 */
export const SETTLE_MS = EVENT_DELAY_MS + 2 * CLOCK_ERROR_MS;
/** How long the audit log must stay silent before a vanished invite counts as used up. */
export const AUDIT_SILENCE_MS = 5_000;
/** An add outside a replay that is older than this is Discord repairing itself, not a join. */
export const REPAIR_AGE_MS = 60_000;
/** Two adds of one user whose `joined_at` differ by less than this are one join. */
export const SAME_JOIN_MS = 2_000;
/** A component that is still open after this long, or with this many joins, is closed. */
export const COMPONENT_AGE_MS = 60_000;
export const COMPONENT_JOINS = 20_000;
/** A settled join is kept this long, so that a late event can still reopen its component. */
export const REOPEN_MS = REPAIR_AGE_MS + COUNT_LAG_MS + CLOCK_ERROR_MS;
/** Between two invite lists of one guild while joins keep coming. */
export const LIST_SPACING_MS = 600;
/** A join that no counter explains gets this many lists in all, and two vanity readings. */
export const MAX_LISTS = 3;
/** After this long of failing requests a join is answered `unknown`, `lookup-failed`. */
export const GIVE_UP_MS = 10 * 60_000;
/** A guild that refused (403) is asked again after this long even if no permission changed. */
export const REFUSED_RETRY_MS = 24 * 60 * 60_000;
/** A count below the baseline is believed after this many complete lists over this long. */
export const FALL_LISTS = 3;
export const FALL_SPAN_MS = 30_000;
/** When, after its event, Discord's record of a join is asked for; it is indexed late. */
export const SEARCH_AFTER_MS: readonly number[] = [5_000, 15_000, 45_000, 120_000];
/** Members asked for in one search, and between two searches in one guild. */
export const SEARCH_BATCH = 10;
export const SEARCH_SPACING_MS = 500;
/** A search that said nothing of when to ask again. */
export const SEARCH_RETRY_MS = 5_000;
/** One in so many certain joins is searched too, so that accuracy can be measured. */
export const SEARCH_SAMPLE = 50;
/** An assumption that a guild refuted does not support `certain` there for this long. */
export const REFUTED_FOR_MS = 7 * 24 * 60 * 60_000;
/** How long the exact creation time of an invite is kept: no join it matters for is older. */
export const FRESH_MS = 2 * 60_000;
