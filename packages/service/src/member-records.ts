import type { GuildId, Tracker } from 'wherefrom';
import { Backfill } from './backfill/backfill.ts';
import type { DiscordClock } from './clock/discord-clock.ts';
import type { GuildDirectory } from './gateway/guild-directory.ts';
import type { DiscordRest } from './rest/discord-rest.ts';
import { RestMemberSearch, type SearchReport } from './rest/rest-member-search.ts';
import type { Log } from './startup-log.ts';
import type { SqliteStore } from './storage/sqlite-store.ts';

export interface MemberRecordsPorts {
  readonly clock: DiscordClock;
  readonly rest: DiscordRest;
  readonly directory: GuildDirectory;
  readonly log: Log;
}

/** Member search as the settings want it: asked by the tracker, and for members from before. */
export class MemberRecords {
  readonly search: RestMemberSearch;
  readonly #ports: MemberRecordsPorts;

  constructor(ports: MemberRecordsPorts) {
    const { clock, rest } = ports;
    this.#ports = ports;
    this.search = new RestMemberSearch({
      rest,
      now: () => clock.now(),
      mayManage: (guildId) => this.#mayManage(guildId),
      report: (report) => this.#tell(report),
    });
  }

  /** The look at members from before the bot, at the pace of the tracker's member lists. */
  backfill(store: SqliteStore, tracker: Tracker): Backfill {
    const { clock, directory, log } = this.#ports;
    return new Backfill({
      clock,
      store: store.backfill,
      records: this.search,
      slot: () => tracker.memberSlot(),
      guilds: () => directory.guildIds(),
      mayManage: (guildId) => this.#mayManage(guildId),
      log,
    });
  }

  #mayManage(guildId: GuildId): boolean {
    return this.#ports.directory.mayManage(guildId);
  }

  #tell(report: SearchReport): void {
    const { log } = this.#ports;
    if (report.kind === 'withdrawn') {
      const { why } = report;
      log.warn({ why }, 'member search is not there for this bot: not asked for 24 hours');
      return;
    }
    const { guildId, code } = report;
    const text = 'member search is refused in a server: not asked until its permissions change';
    log.warn({ guildId, code }, text);
  }
}
