/**
 * Discord ids. Snowflakes stay strings everywhere: 64 bits do not fit a JavaScript number.
 * The brand keeps a user id out of a place that wants a guild id.
 */
declare const brand: unique symbol;
type Branded<Kind extends string> = string & { readonly [brand]: Kind };

/** A guild. See Discord Docs: Snowflakes. */
export type GuildId = Branded<'guild'>;
/** A user, the same in every guild. */
export type UserId = Branded<'user'>;
/** A channel of a guild. */
export type ChannelId = Branded<'channel'>;
/** A role of a guild; @everyone has the id of the guild. */
export type RoleId = Branded<'role'>;
/** The part of an invite link after the last slash; a vanity code is one too. */
export type InviteCode = Branded<'code'>;
