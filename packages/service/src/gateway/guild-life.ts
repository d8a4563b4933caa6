import type { GuildArrival, GuildId, Observation, Receipt } from 'wherefrom';
import { type Absence, type Absences, gapOf } from './absences.ts';
import type { DispatchPorts } from './dispatch-ports.ts';
import type { Access, Traits } from './guild-directory.ts';
import { GuildInbox } from './guild-inbox.ts';
import { Shards } from './shards.ts';

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

/**
 * Which guilds are here, which are not and since when: turns the comings and goings of sessions
 * and guilds into access, guild, session and gap observations.
 */
export class GuildLife {
  readonly #ports: DispatchPorts;
  readonly #inbox: GuildInbox;
  readonly #shards = new Shards();
  readonly #absences: Absences;
  /** Guilds that wait for the store's word, with what their arrival ended. */
  readonly #asking = new Map<GuildId, Asking>();
  readonly #told = new Map<GuildId, Told>();

  constructor(ports: DispatchPorts) {
    this.#ports = ports;
    this.#absences = ports.absences;
    this.#inbox = new GuildInbox((guildId, observation, receipt) =>
      ports.tracker.observe(guildId, observation, receipt ?? undefined),
    );
  }

  /** Hands an observation on, unless it comes of a replayed event that was taken in before. */
  observe(guildId: GuildId, observation: Observation): void {
    const { resume } = this.#ports;
    // The words on this process's own connection are none of an earlier one, whatever their number.
    if (observation.kind !== 'session' && resume.isTaken(guildId)) return;
    const shardId = resume.current?.shardId;
    if (shardId !== undefined && this.#shards.mustTell(shardId, guildId)) {
      this.#tellLost(guildId, shardId);
    }
    this.#inbox.put(guildId, observation, resume.hold(guildId));
  }

  // As of the last moment that the earlier process heard: what became due since must not be
  // concluded without what was missed.
  #tellLost(guildId: GuildId, shardId: number): void {
    const at = this.#shards.heardAt(shardId);
    this.#inbox.put(guildId, { kind: 'session', at, state: 'lost' }, null);
  }

  /**
   * An earlier process ended and its session may be resumed: what it was waiting for goes on once
   * all that was held back has come.
   */
  restored(shardId: number, unfinished: readonly GuildId[]): void {
    const at = this.#now();
    this.#shards.restore(shardId, this.#ports.lastAlive(shardId) ?? at, at);
    for (const guildId of unfinished) {
      if (this.#shards.mustTell(shardId, guildId)) this.#tellLost(guildId, shardId);
    }
  }

  heard(shardId: number): void {
    this.#shards.heard(shardId, this.#now());
  }

  /** True while a resumed session replays what it missed. */
  isReplaying(shardId: number): boolean {
    return this.#shards.isLost(shardId);
  }

  /** Until when nothing is missing, by shard. */
  heardUntil(): readonly { readonly shardId: number; readonly at: number }[] {
    return this.#shards.heardUntil().map(({ shardId, at }) => ({
      shardId,
      at: Math.min(at, this.#missingSince(shardId)),
    }));
  }

  #missingSince(shardId: number): number {
    let since = this.#absences.missingSince(shardId);
    for (const asking of this.#asking.values()) {
      if (asking.shardId === shardId) since = Math.min(since, asking.absence?.from ?? since);
    }
    return since;
  }

  /** The connection of a shard broke; it may be resumed. */
  lost(shardId: number): void {
    const at = this.#now();
    const here = this.#ports.directory.ofShard(shardId).filter((id) => !this.#absences.has(id));
    if (!this.#shards.lose(shardId, at, here)) return;
    for (const guildId of here) this.observe(guildId, { kind: 'session', at, state: 'lost' });
  }

  /** RESUMED: all that was held back has been observed. */
  resumed(shardId: number): void {
    const at = this.#now();
    const isFirst = this.#shards.isFirst(shardId);
    if (isFirst) {
      const guilds = this.#ports.directory.ofShard(shardId).length;
      this.#ports.log.info({ shardId, guilds }, 'the shard goes on with its session');
    }
    for (const guildId of this.#shards.resumed(shardId, at)) {
      // In an outage of its own it still hears nothing.
      if (this.#absences.has(guildId)) continue;
      this.observe(guildId, { kind: 'session', at, state: 'resumed' });
    }
    if (isFirst) this.#tellOutdated(shardId);
  }

  /** The session of an earlier process tells nothing anew, and the setting may be another one. */
  #tellOutdated(shardId: number): void {
    const { directory, searchOutdated } = this.#ports;
    for (const guildId of searchOutdated?.() ?? []) {
      if (directory.shardOf(guildId) === shardId) this.changed(guildId);
    }
  }

  /** READY: a new session; what came between the sessions is lost. */
  ready(shardId: number, guildIds: readonly GuildId[]): void {
    const at = this.#now();
    const missingSince = this.#shards.ready(shardId, at);
    const absence: Absence =
      missingSince === null
        ? { cause: 'restart', from: this.#ports.lastAlive(shardId) ?? 0 }
        : { cause: 'session-lost', from: missingSince };
    const expected = new Set(guildIds);
    for (const guildId of this.#ports.directory.ofShard(shardId)) {
      if (expected.has(guildId)) this.#absences.begin(guildId, shardId, absence);
      else this.removed(guildId, shardId, absence.from);
    }
    // Guilds that the directory does not hold: the first session, or added between two sessions.
    for (const guildId of guildIds) {
      if (missingSince === null) this.#absences.begin(guildId, shardId, absence);
    }
  }

  /** GUILD_CREATE of a guild that is available, after the directory took it in. */
  arrived(guild: GuildArrival, { wasHere, stayed, turnover }: Arriving, shardId: number): void {
    const { guildId } = guild;
    const addedAt = stayed ? null : guild.addedAt;
    const absence = this.#absences.end(guildId);
    // Discord may send a guild again that is here: what it says may be new, but nothing was missed.
    if (absence === null && wasHere) return this.changed(guildId);
    // An earlier process told of this arrival already.
    if (this.#ports.resume.isTaken(guildId)) return this.changed(guildId);
    const began = absence !== null && isOurs(absence);
    if (began && wasHere) {
      this.observe(guildId, this.#gap(guildId, absence, { turnover, shardId }));
      this.changed(guildId);
    } else if (!this.#asking.has(guildId)) {
      const receipt = this.#ports.resume.hold(guildId);
      const asking = { absence: began ? null : absence, addedAt, shardId, turnover, receipt };
      void this.#ask(guildId, asking);
    }
  }

  /** The guild or its roles may have changed: tells what is new. */
  changed(guildId: GuildId): void {
    const words = this.#news(guildId);
    if (!this.#asking.has(guildId)) for (const word of words) this.observe(guildId, word);
  }

  #news(guildId: GuildId): readonly Observation[] {
    const { directory } = this.#ports;
    const access = directory.accessTo(guildId);
    const traits = directory.traitsOf(guildId);
    if (access === null || traits === null) return [];
    const before = this.#told.get(guildId);
    this.#told.set(guildId, { ...access, ...traits });
    const at = this.#now();
    const news: Observation[] = [];
    if (isNewAccess(before, access)) news.push({ kind: 'access', at, ...access });
    if (isNewTraits(before, traits)) news.push({ kind: 'guild', at, ...traits });
    return news;
  }

  /** GUILD_DELETE of an outage: the guild is there, its events are not. */
  unavailable(guildId: GuildId, shardId: number): void {
    this.#fallsSilent(guildId);
    this.#absences.begin(guildId, shardId, { cause: 'outage', from: this.#happenedAt(shardId) });
  }

  /** Until the gap is named nothing may settle: uses that a list shows may be of joins unheard. */
  #fallsSilent(guildId: GuildId): void {
    if (!this.#ports.directory.has(guildId)) return;
    this.observe(guildId, { kind: 'session', at: this.#now(), state: 'lost' });
  }

  /** The earliest moment at which the current event can have happened: it may be replayed. */
  #happenedAt(shardId: number): number {
    return this.isReplaying(shardId) ? this.#shards.heardAt(shardId) : this.#now();
  }

  /** The bot was removed from the guild. */
  removed(guildId: GuildId, shardId: number, at = this.#happenedAt(shardId)): void {
    this.#fallsSilent(guildId);
    this.#absences.removed(guildId, shardId, at);
    this.#ports.resume.touch(guildId);
    this.#ports.directory.remove(guildId);
    this.#told.delete(guildId);
  }

  // Only the store knows whether the guild has a past. Until it answered, its events wait.
  async #ask(guildId: GuildId, asking: Asking): Promise<void> {
    this.#asking.set(guildId, asking);
    this.#inbox.hold(guildId);
    const known = await this.#knownAtLast(guildId);
    this.#asking.delete(guildId);
    const gap = gapOf({ ...asking, known });
    if (this.#ports.directory.has(guildId)) {
      const first = this.#firstWords(guildId, gap, asking);
      this.#inbox.release(guildId, first, asking.receipt);
    } else {
      // Removed meanwhile: the gap goes on, and the next arrival names it.
      this.#absences.removed(guildId, asking.shardId, gap.from);
      this.#ports.resume.drop(guildId, asking.receipt);
      this.#inbox.release(guildId, [], null);
    }
  }

  async #knownAtLast(guildId: GuildId): Promise<boolean> {
    for (let delayMs = FIRST_RETRY_MS; ; delayMs = Math.min(delayMs * 2, LONGEST_RETRY_MS)) {
      try {
        return await this.#ports.tracker.known(guildId);
      } catch (cause) {
        this.#ports.log.error({ guildId, cause }, 'the store could not be asked about a guild');
        const { clock } = this.#ports;
        await new Promise<void>((resolve) => clock.schedule(clock.now() + delayMs, resolve));
      }
    }
  }

  // The gap first: whatever was due in it must not be concluded before it is named.
  #firstWords(
    guildId: GuildId,
    gap: Absence,
    asking: Pick<Asking, 'turnover' | 'shardId'>,
  ): readonly Observation[] {
    this.#told.delete(guildId);
    return [this.#gap(guildId, gap, asking), ...this.#news(guildId)];
  }

  // A gap ends a loss, but for one that a replay tells of: nothing is read before all has come.
  #gap(
    guildId: GuildId,
    { cause, from }: Absence,
    { turnover, shardId }: Pick<Asking, 'turnover' | 'shardId'>,
  ): Observation {
    const at = this.#now();
    this.#ports.log.debug({ guildId, cause }, 'a guild arrived');
    const gap = { kind: 'gap', at, from, to: at, cause, turnover } as const;
    return this.#shards.tellAgain(shardId, guildId) ? { ...gap, replaying: true } : gap;
  }

  #now(): number {
    return this.#ports.clock.now();
  }
}

/** How a guild that arrives stands to what was known of it. */
interface Arriving {
  /** The directory held it. */
  readonly wasHere: boolean;
  /** The bot was added when it was then: it has not been removed since. */
  readonly stayed: boolean;
  /** `member_count` is not what it was. */
  readonly turnover: boolean;
}

interface Asking {
  readonly absence: Absence | null;
  /** Null also if the bot has not been added since the guild was stored. */
  readonly addedAt: number | null;
  readonly shardId: number;
  /** `member_count` is not what it was. */
  readonly turnover: boolean;
  /** Of the GUILD_CREATE. */
  readonly receipt: Receipt | null;
}

/** What the engine heard last of a guild's access and traits. */
type Told = Access & Traits;

function isNewAccess(before: Told | undefined, now: Access): boolean {
  return before?.counts !== now.counts || before.auditLog !== now.auditLog;
}

function isNewTraits(before: Told | undefined, now: Traits): boolean {
  return before?.vanityCode !== now.vanityCode || before.manualApproval !== now.manualApproval;
}

/** Absences that began in this process: the tracker has the guild's state. */
function isOurs({ cause }: Absence): boolean {
  return cause === 'outage' || cause === 'session-lost';
}
