/**
 * The notation of the regression rows, close to that of the peers' scenarios. A row is text:
 *
 *   P03 the last use of a one-use invite, the delete first
 *     given  A5 K0/1
 *     do     +K, DEL K, ADD u1
 *     true   u1 = K
 *     expect u1 = K certain
 *
 * given   what the bot knows well when the row begins. `A5` invite A with 5 uses, `K0/1` 0 uses of
 *         1, `K0/1~3s` expires 3 s into the row, `W5!` names no inviter, `V10` the vanity counter.
 *         After `;`: `latency 40` (ms, default 4), `perms all|none|manage|audit|channels`
 *         (what the bot's role grants), `vanity 403` from the start on, `cold` (the bot has not
 *         connected yet), `away` (it has, but this guild is not there). `|` begins a
 *         second guild; its steps begin with `g2`, its members with `g2.`.
 * do      Steps, in one tick unless time passes between them.
 *         `+A` Discord counts a use, `+A x3` three; at its limit an invite leaves the list.
 *         `NEW N0/1` it is made and INVITE_CREATE comes; `N appears` it is made and nothing comes.
 *         `DEL K` INVITE_DELETE alone; `DEL K by m1` a moderator revokes it: the event and audit
 *         entry 42. `EXPIRE K` waits until it has run out: nothing comes.
 *         `ADD u1` GUILD_MEMBER_ADD; `ADD u1 again` the same once more; `ADD bot1 by m1` with BOT_ADD.
 *         `LEAVE u1`. `VANITY W0` GUILD_UPDATE: the vanity code is now W, with 0 uses.
 *         `60 ms`, `3 s`, `2 min` pass. `idle`: no request is open, and a second more, so that the
 *         clocks (A6) cannot mix up what lies on both sides; the peers' idle took milliseconds.
 *         `quiet`: every answer so far is settled.
 *         `invites 500|503|403|uncounted|ok`, `vanity 500|403|ok`, `members 500|ok` what REST says
 *         from now on. `perms ...` the bot's role changes.
 *         `CONNECT`; `OUTAGE`, `BACK`; `KICKED`, `INVITED`; `LOST`, `RESUMED`, `NEW SESSION` (the
 *         gateway session); `STOP`, `START` (our process). What happens while the bot is away is
 *         not told to it; a resumed session tells it late.
 * true    Where everybody really came from. `none` is a way that no counter shows (Discovery).
 * first   The first answer, where it matters.
 * expect  The settled answer: origin, certainty, assumption, candidates, group, or `no answer`.
 * calls   REST requests since the row began, where they matter.
 * other world: why no honest tracker can say more.
 */
export interface Row {
  readonly id: string;
  readonly title: string;
  readonly given: readonly GivenGuild[];
  readonly steps: readonly Step[];
  /** Origin by member, as written. */
  readonly truth: ReadonlyMap<string, string>;
  readonly first: ReadonlyMap<string, string>;
  readonly expect: ReadonlyMap<string, string>;
  readonly calls: string | null;
  readonly otherWorld: string | null;
}

export interface GivenInvite {
  readonly name: string;
  readonly uses: number;
  readonly maxUses: number;
  /** Milliseconds into the row, or null for never. */
  readonly expiresInMs: number | null;
  readonly inviter: boolean;
}

export interface GivenGuild {
  readonly invites: readonly GivenInvite[];
  readonly vanityUses: number | null;
  readonly latencyMs: number;
  readonly perms: Perms;
  /** What the vanity endpoint says from the start on. */
  readonly vanityAnswer: ListAnswer;
  readonly start: 'known' | 'cold' | 'away';
}

/** `all` is Manage Server, Manage Channels and View Audit Log; `manage` lacks the last. */
export type Perms = 'all' | 'none' | 'manage' | 'audit' | 'channels';
export type ListAnswer = 'ok' | '500' | '503' | '403' | 'uncounted';

/** `guild` counts from 0. */
export type Step = { readonly guild: number } & (
  | { readonly kind: 'count'; readonly code: string; readonly times: number }
  | { readonly kind: 'new'; readonly invite: GivenInvite; readonly told: boolean }
  | { readonly kind: 'del'; readonly code: string; readonly by: string | null }
  | { readonly kind: 'expire'; readonly code: string }
  | { readonly kind: 'add'; readonly member: string; readonly by: string | null }
  | { readonly kind: 'again'; readonly member: string }
  | { readonly kind: 'leave'; readonly member: string }
  | { readonly kind: 'vanity'; readonly code: string; readonly uses: number }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'idle' | 'quiet' }
  | { readonly kind: 'answers'; readonly of: 'invites'; readonly answer: ListAnswer }
  | { readonly kind: 'answers'; readonly of: 'vanity' | 'members'; readonly answer: ListAnswer }
  | { readonly kind: 'latency'; readonly ms: number }
  | { readonly kind: 'perms'; readonly perms: Perms }
  | { readonly kind: 'gateway'; readonly event: GatewayStep }
);

export type GatewayStep =
  | 'CONNECT'
  | 'OUTAGE'
  | 'BACK'
  | 'KICKED'
  | 'INVITED'
  | 'LOST'
  | 'RESUMED'
  | 'NEW SESSION'
  | 'STOP'
  | 'START';
