import type { GuildSpec, InviteSpec, PermissionName } from '@wherefrom/emulator';

/** How a person means to come; where that way is shut they take the next that is open. */
export type Way = 'invite' | 'vanity' | 'discovery' | 'bot';

/** Something that somebody does in a guild. What has become impossible is left out. */
export type Deed =
  | {
      readonly kind: 'join';
      readonly userId: string;
      readonly way: Way;
      /** Decides between the invites that live then. */
      readonly taste: number;
      /** This very invite, if it lives. */
      readonly code?: string;
    }
  | { readonly kind: 'leave'; readonly userId: string; readonly how: 'leave' | 'kick' | 'ban' }
  | { readonly kind: 'repeat'; readonly userId: string; readonly shiftMs: number }
  | { readonly kind: 'guest'; readonly userId: string }
  | { readonly kind: 'update-member'; readonly userId: string }
  | { readonly kind: 'approve'; readonly userId: string }
  | { readonly kind: 'create-invite'; readonly spec: InviteSpec; readonly announce: boolean }
  | { readonly kind: 'revoke'; readonly code: string; readonly announce: boolean }
  | { readonly kind: 'delete-channel'; readonly channelId: string }
  | { readonly kind: 'vanity'; readonly code: string | null; readonly uses: number }
  | { readonly kind: 'permissions'; readonly names: readonly PermissionName[] }
  | { readonly kind: 'outage'; readonly forMs: number }
  /** The list is refused although the roles allow it. */
  | { readonly kind: 'refuse'; readonly forMs: number }
  /** Outside the assumptions: a count without a join, a join whose use is never counted. */
  | { readonly kind: 'ghost-count'; readonly taste: number }
  | { readonly kind: 'ghost-join'; readonly userId: string; readonly taste: number }
  | { readonly kind: 'vanish'; readonly taste: number };

/** Something that happens to the bot itself. */
export type Mishap =
  | {
      readonly kind: 'break';
      readonly resumable: boolean;
      /** Nothing comes any more, and nobody has noticed yet. */
      readonly silentMs: number;
      readonly downMs: number;
    }
  | {
      readonly kind: 'restart';
      /** `kill-before` and `kill-after`: at the next write to the database. */
      readonly how: 'stop' | 'kill' | 'kill-before' | 'kill-after';
      /** The session is there for the next process, if that comes soon enough. */
      readonly resumable: boolean;
      readonly downMs: number;
    }
  /** Writes fail, some of them although they were done. */
  | { readonly kind: 'store-fails'; readonly forMs: number; readonly share: number };

export type Entry = { readonly atMs: number } & (
  | { readonly guild: number; readonly deed: Deed }
  | { readonly guild: null; readonly mishap: Mishap }
);

/** All that happens in one world, in order, but for what the weather does. */
export interface Script {
  readonly guilds: readonly GuildSpec[];
  /** Accounts that make invites; they need not be members. */
  readonly inviters: readonly string[];
  readonly entries: readonly Entry[];
}
