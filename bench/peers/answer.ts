/** What trackers say and what is true, in the few words that they share. */

/** How a member came in. `none`: by no invite that is counted (Server Discovery, OAuth2). */
export type Source =
  | { readonly kind: 'invite'; readonly code: string }
  | { readonly kind: 'vanity' }
  | { readonly kind: 'none' }
  | { readonly kind: 'bot' };

/** What a tracker said of a join. `sure`: it promises that this is so. */
export type Said =
  | { readonly kind: 'named'; readonly source: Source; readonly sure: boolean }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly Source[] }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'failed' };

/** One answer to one join, which guild, user and `joined_at` identify. Times: ms since 1970. */
export interface Answer {
  readonly guildId: string;
  readonly userId: string;
  readonly joinedAtMs: number;
  readonly atMs: number;
  readonly said: Said;
  /** Whether the tracker calls it its last word; always true for those that have only one. */
  readonly settled: boolean;
}

/** What the process of a tracker tells the bench. */
export type Report =
  | { readonly kind: 'ready' }
  | ({ readonly kind: 'answer' } & Answer)
  /** An error that would have ended the process, had the set-up not caught it. */
  | { readonly kind: 'caught'; readonly text: string };

export const named = (source: Source, sure = false): Said => ({ kind: 'named', source, sure });
export const byInvite = (code: string): Said => named({ kind: 'invite', code });
export const VANITY = named({ kind: 'vanity' });
export const UNKNOWN: Said = { kind: 'unknown' };
export const FAILED: Said = { kind: 'failed' };
