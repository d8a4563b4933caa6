import type { UserId } from '../engine/ids.ts';
import { flagsOf, malformed, objectOf, type Reading, read, textOf } from './payload.ts';
import { idOf } from './snowflake.ts';

/** The two flags of the Server Members Intent: large bots by review, small ones by a switch. */
const GATEWAY_GUILD_MEMBERS = (1 << 14) | (1 << 15);

/** The application that a token belongs to. */
export interface ApplicationReading {
  /** Also the id of the bot user for all but very old bots; invite links need this one. */
  readonly id: string;
  readonly name: string;
  /** The Server Members Intent is switched on. */
  readonly membersIntent: boolean;
  readonly botId: UserId | null;
}

/**
 * Reads the answer of `GET /applications/@me`.
 * @see https://docs.discord.com/developers/resources/application#application-object
 */
export function applicationFromPayload(value: unknown): Reading<ApplicationReading> {
  const application = objectOf(value);
  const id = idOf(application.id);
  if (id === null) return malformed('id');
  return read({
    id,
    name: textOf(application.name) ?? id,
    membersIntent: (flagsOf(application.flags) & GATEWAY_GUILD_MEMBERS) !== 0,
    botId: idOf<UserId>(objectOf(application.bot).id),
  });
}
