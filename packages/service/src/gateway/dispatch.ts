import {
  type AuditMeaning,
  auditEntryFromPayload,
  channelFromPayload,
  type GuildId,
  guildDeleteFromPayload,
  guildFromPayload,
  guildUpdateFromPayload,
  inviteCreatedFromPayload,
  inviteDeletedFromPayload,
  joinFromPayload,
  leaveFromPayload,
  memberUpdateFromPayload,
  type Reading,
  type ReadyReading,
  readyFromPayload,
  roleEventFromPayload,
} from 'wherefrom';
import type { DispatchPorts } from './dispatch-ports.ts';
import { GuildLife } from './guild-life.ts';

/** An event as the gateway sends it. */
export interface DispatchPayload {
  readonly t: string;
  /** Its place in the session; null where none is told. */
  readonly s: number | null;
  readonly d: unknown;
}

/** Turns the events of the gateway into observations, in their order. Nothing here waits. */
export class Dispatch {
  readonly #ports: DispatchPorts;
  readonly #life: GuildLife;

  constructor(ports: DispatchPorts) {
    this.#ports = ports;
    this.#life = new GuildLife(ports);
  }

  /** Takes an event in. Never throws: an event that cannot be read is named in the log. */
  take({ t, s, d }: DispatchPayload, shardId: number): void {
    this.#life.heard(shardId);
    this.#ports.resume.during(shardId, s, () => this.#taken(t, d, shardId, s));
  }

  #taken(t: string, d: unknown, shardId: number, sequence: number | null): void {
    switch (t) {
      case 'READY':
        return this.#ready(d, shardId, sequence);
      case 'RESUMED':
        return this.#life.resumed(shardId);
      case 'GUILD_CREATE':
        return this.#guildCreate(d, shardId);
      case 'GUILD_UPDATE':
        return this.#guildUpdate(d);
      case 'GUILD_DELETE':
        return this.#guildDelete(d, shardId);
      case 'GUILD_ROLE_CREATE':
      case 'GUILD_ROLE_UPDATE':
      case 'GUILD_ROLE_DELETE':
        return this.#role(t, d);
      case 'CHANNEL_CREATE':
      case 'CHANNEL_UPDATE':
      case 'CHANNEL_DELETE':
        return this.#channel(t, d);
      default:
        return this.#people(t, d, shardId);
    }
  }

  #people(t: string, d: unknown, shardId: number): void {
    switch (t) {
      case 'GUILD_MEMBER_ADD':
        return this.#join(d, shardId);
      case 'GUILD_MEMBER_REMOVE':
        return this.#leave(d, shardId);
      case 'GUILD_MEMBER_UPDATE':
        return this.#memberUpdate(d);
      case 'INVITE_CREATE':
        return this.#inviteCreate(d);
      case 'INVITE_DELETE':
        return this.#inviteDelete(d);
      case 'GUILD_AUDIT_LOG_ENTRY_CREATE':
        return this.#auditEntry(d);
    }
  }

  /** Something other than an event came over the connection (a heartbeat was answered). */
  heard(shardId: number): void {
    this.#life.heard(shardId);
  }

  /** Sessions of an earlier process that may be resumed. */
  restored(shardId: number, unfinished: readonly GuildId[]): void {
    this.#life.restored(shardId, unfinished);
  }

  /** The connection of a shard broke. */
  lost(shardId: number): void {
    this.#life.lost(shardId);
  }

  /** Until when nothing is missing, by shard: where a restart goes on. */
  heardUntil(): readonly { readonly shardId: number; readonly at: number }[] {
    return this.#life.heardUntil();
  }

  /** Our clock was found wrong: no guild may lean on what it said. */
  clockDoubted(): void {
    const at = this.#now();
    for (const guildId of this.#ports.directory.guildIds()) {
      this.#life.observe(guildId, { kind: 'clock-doubted', at });
    }
  }

  #ready(d: unknown, shardId: number, sequence: number | null): void {
    const ready = this.#checked('READY', readyFromPayload(d));
    if (ready === null) return;
    this.#ports.directory.become(ready.myId);
    this.#life.ready(shardId, ready.guildIds);
    this.#noteSession(ready, shardId, sequence ?? 0);
    this.#ports.log.info({ shardId, guilds: ready.guildIds.length }, 'a session began');
  }

  /** A session that cannot be stored is not resumed after a restart: that one names a gap. */
  #noteSession(ready: ReadyReading, shardId: number, sequence: number): void {
    const { sessionId, resumeUrl, shardCount, myId: me, guildIds } = ready;
    if (sessionId === null || resumeUrl === null) return;
    const at = this.#now();
    const session = { shardId, sessionId, resumeUrl, shardCount, me, sequence, at };
    try {
      this.#ports.resume.began(session, guildIds);
    } catch (cause) {
      this.#ports.log.error({ shardId, cause }, 'the session could not be stored');
    }
  }

  #guildCreate(d: unknown, shardId: number): void {
    const { directory, log, resume } = this.#ports;
    const { myId } = directory;
    if (myId === null) return;
    const guild = this.#checked('GUILD_CREATE', guildFromPayload(d, myId));
    if (guild === null) return;
    const { guildId } = guild;
    resume.touch(guildId);
    if (guild.unavailable) return this.#life.unavailable(guildId, shardId);
    if (guild.myRoleIds === null) log.warn({ guildId }, 'a guild arrived without our own member');
    const wasHere = directory.has(guildId);
    const before = directory.membersOf(guildId);
    const stayed = guild.addedAt !== null && guild.addedAt === directory.addedAt(guildId);
    const { memberCount } = guild;
    // Of one that is replayed, later joins are in the stored count and are not counted again.
    const members = resume.isTaken(guildId) ? (before ?? memberCount) : memberCount;
    directory.arrive(guild, shardId, members);
    const turnover = before !== null && memberCount !== null && before !== memberCount;
    this.#life.arrived(guild, { wasHere, stayed, turnover }, shardId);
  }

  #guildUpdate(d: unknown): void {
    const guild = this.#checked('GUILD_UPDATE', guildUpdateFromPayload(d));
    if (guild === null || !this.#ports.directory.has(guild.guildId)) return;
    this.#ports.resume.touch(guild.guildId);
    this.#ports.directory.update(guild);
    this.#life.changed(guild.guildId);
  }

  #guildDelete(d: unknown, shardId: number): void {
    const departure = this.#checked('GUILD_DELETE', guildDeleteFromPayload(d));
    if (departure === null) return;
    const { guildId } = departure;
    this.#ports.resume.touch(guildId);
    if (departure.removed) this.#life.removed(guildId, shardId);
    else this.#life.unavailable(guildId, shardId);
    const what = departure.removed ? 'the bot was removed from a guild' : 'a guild is in an outage';
    this.#ports.log.info({ guildId }, what);
  }

  #role(t: string, d: unknown): void {
    const event = this.#checked(t, roleEventFromPayload(d));
    if (event === null) return;
    this.#ports.resume.touch(event.guildId);
    this.#ports.directory.roleChanged(event);
    this.#life.changed(event.guildId);
  }

  #channel(t: string, d: unknown): void {
    const event = this.#checked(t, channelFromPayload(d));
    if (event === null) return;
    const { guildId, channel } = event;
    const { directory, resume } = this.#ports;
    const gone = t === 'CHANNEL_DELETE';
    const changed = gone
      ? directory.channelDeleted(guildId, channel.id)
      : directory.channelChanged(event);
    if (changed) resume.touch(guildId);
    if (!gone) return;
    const at = this.#now();
    this.#life.observe(guildId, { kind: 'channel-deleted', at, channelId: channel.id });
  }

  #join(d: unknown, shardId: number): void {
    const join = this.#checked('GUILD_MEMBER_ADD', joinFromPayload(d, this.#arrival(shardId)));
    if (join === null) return;
    this.#ports.seen(join.profile);
    this.#countMember(join.guildId, 1);
    this.#life.observe(join.guildId, join.observation);
  }

  #leave(d: unknown, shardId: number): void {
    const leave = this.#checked('GUILD_MEMBER_REMOVE', leaveFromPayload(d, this.#arrival(shardId)));
    if (leave === null) return;
    this.#ports.seen(leave.profile);
    this.#countMember(leave.guildId, -1);
    this.#life.observe(leave.guildId, leave.observation);
  }

  #countMember(guildId: GuildId, change: 1 | -1): void {
    const { directory, resume } = this.#ports;
    if (resume.isTaken(guildId)) return;
    directory.countMember(guildId, change, resume.current?.sequence ?? null);
  }

  #memberUpdate(d: unknown): void {
    const update = this.#checked('GUILD_MEMBER_UPDATE', memberUpdateFromPayload(d));
    if (update === null) return;
    const { guildId, profile, joinedAt } = update;
    this.#ports.seen(profile);
    if (profile.userId === this.#ports.directory.myId) {
      this.#ports.resume.touch(guildId);
      this.#ports.directory.myRolesChanged(guildId, update.roleIds);
      this.#life.changed(guildId);
      return;
    }
    if (joinedAt === null) return;
    const { userId } = profile;
    const at = this.#now();
    this.#life.observe(guildId, { kind: 'member-seen', at, userId, joinedAt, member: null });
  }

  #inviteCreate(d: unknown): void {
    const created = this.#checked('INVITE_CREATE', inviteCreatedFromPayload(d, this.#now()));
    if (created === null) return;
    if (created.inviter !== null) this.#ports.seen(created.inviter);
    this.#life.observe(created.guildId, created.observation);
  }

  #inviteDelete(d: unknown): void {
    const deleted = this.#checked('INVITE_DELETE', inviteDeletedFromPayload(d, this.#now()));
    if (deleted !== null) this.#life.observe(deleted.guildId, deleted.observation);
  }

  #auditEntry(d: unknown): void {
    const entry = this.#checked(
      'GUILD_AUDIT_LOG_ENTRY_CREATE',
      auditEntryFromPayload(d, this.#now()),
    );
    if (entry !== null) this.#audited(entry.guildId, entry.meaning);
  }

  #audited(guildId: GuildId, meaning: AuditMeaning): void {
    if (meaning.kind === 'observation') return this.#life.observe(guildId, meaning.observation);
    // A prune names nobody; which leaves were its own nobody can tell for sure.
    if (meaning.kind !== 'leave-reason' || meaning.leave.kind !== 'removed') return;
    const { userId, reason, at } = meaning.leave;
    this.#ports.removed({ guildId, userId, removal: reason, at });
  }

  #arrival(shardId: number) {
    return { at: this.#now(), replayed: this.#life.isReplaying(shardId) };
  }

  #checked<T>(event: string, reading: Reading<T>): T | null {
    if (reading.kind === 'read') return reading.value;
    this.#ports.log.warn({ event, path: reading.path }, 'an event could not be read');
    return null;
  }

  #now(): number {
    return this.#ports.clock.now();
  }
}
