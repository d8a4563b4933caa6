import type { Emulator, TruthRecord, Via } from '@wherefrom/emulator';
import type { Losses } from './losses.ts';

/** What is the matter in a guild, beside what happens in all of them. */
export type TownKind =
  | 'plain'
  /** Little happens in it, so that what happens is clear. */
  | 'quiet'
  /** Most of its invites are good for one use. */
  | 'limited'
  /** Crowds come at once. */
  | 'raided'
  /** The bot loses Manage Server and gets it back; the vanity code changes. */
  | 'locked'
  /** The log channel is renamed, replaced, and closed to the bot for a while. */
  | 'moved'
  /** It goes into an outage and comes back. */
  | 'dark'
  /** The bot is removed and added again. */
  | 'guest'
  /** Made while the test runs. */
  | 'young';

/** From this moment on lines belong in this channel. */
export interface LogMove {
  readonly atMs: number;
  readonly channelId: string;
}

export interface Span {
  readonly from: number;
  to: number | null;
}

/** Discord tells two memberships of one user apart if they are this far apart; so do we. */
const SAME_JOIN_MS = 3_000;
/** Who leaves has been there for longer than it takes to find them after a gap. */
const AT_HOME_MS = 15_000;

/** One guild and what the test may do in it. */
export class Town {
  readonly kind: TownKind;
  readonly name: string;
  readonly emulator: Emulator;
  readonly losses: Losses;
  readonly guildId: string;
  readonly codes: readonly string[];
  readonly bornAtMs = Date.now();
  readonly logs: LogMove[];
  /** Times in which the bot could write nowhere. */
  readonly muted: Span[] = [];
  /** Who was kicked or banned, and when. */
  readonly removals: { readonly userId: string; readonly atMs: number }[] = [];
  /** When each of the invites was made that were not there from the beginning. */
  readonly made = new Map<string, number>();
  #vanity = 0;

  constructor(
    kind: TownKind,
    name: string,
    place: { readonly emulator: Emulator; readonly losses: Losses },
  ) {
    this.kind = kind;
    this.name = name;
    this.emulator = place.emulator;
    this.losses = place.losses;
    this.codes = ['a', 'b', 'c', 'd', 'e'].map((code) => `${name}-${code}`);
    const { guildId, channelIds } = place.emulator.act({
      kind: 'createGuild',
      name,
      channels: ['join-logs', 'hall'],
      vanity: { code: `${name}-v0`, uses: 20 },
      invites: this.codes.map((code, n) => ({ code, uses: n })),
    });
    this.guildId = guildId;
    this.logs = [{ atMs: 0, channelId: channelIds['join-logs'] ?? '' }];
  }

  join(via: Via): void {
    this.emulator.act({ kind: 'join', guildId: this.guildId, via });
  }

  invited(code: string): void {
    if (this.hasInvite(code)) this.join({ kind: 'invite', code });
  }

  invite(maxUses: number): string {
    const { guildId } = this;
    const { code } = this.emulator.act({ kind: 'createInvite', guildId, maxUses });
    this.made.set(code, Date.now());
    return code;
  }

  hasInvite(code: string): boolean {
    const invite = this.emulator.world.guilds.get(this.guildId)?.invites.get(code);
    return invite !== undefined && invite.ended === null;
  }

  renewVanity(): void {
    this.#vanity += 1;
    const vanity = { code: `${this.name}-v${this.#vanity}`, uses: 0 };
    this.emulator.act({ kind: 'setVanity', guildId: this.guildId, vanity });
  }

  /** Its joins so far. */
  truths(): readonly TruthRecord[] {
    return this.emulator.truth().filter(({ guildId }) => guildId === this.guildId);
  }

  /** Members whose join the bot knows of by now. */
  atHome(): readonly TruthRecord[] {
    const before = Date.now() - AT_HOME_MS;
    return this.truths().filter(
      ({ leftAtMs, origin, joinedAtMs }) =>
        leftAtMs === null &&
        origin.kind !== 'bot' &&
        joinedAtMs < before &&
        this.losses.about(this.guildId, joinedAtMs).length === 0,
    );
  }

  /** Users who left and may come again. */
  away(): readonly string[] {
    const truths = this.truths();
    const present = new Set(truths.filter((each) => each.leftAtMs === null).map(userOf));
    const before = Date.now() - SAME_JOIN_MS;
    const gone = truths.filter(
      ({ leftAtMs, origin }) => leftAtMs !== null && leftAtMs < before && origin.kind !== 'bot',
    );
    return [...new Set(gone.map(userOf))].filter((userId) => !present.has(userId));
  }

  /** The same user again, by this invite. */
  rejoin(userId: string, code: string): void {
    const via: Via = { kind: 'invite', code };
    this.emulator.act({ kind: 'join', guildId: this.guildId, userId, via });
  }

  leave(userId: string, how: 'leave' | 'kick' | 'ban'): void {
    const member = this.emulator.world.guilds.get(this.guildId)?.members.get(userId);
    if (member === undefined) return;
    this.emulator.act({ kind: how, guildId: this.guildId, userId });
    if (how !== 'leave') this.removals.push({ userId, atMs: Date.now() });
  }
}

function userOf({ userId }: TruthRecord): string {
  return userId;
}
