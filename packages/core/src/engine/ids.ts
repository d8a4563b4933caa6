/**
 * Discord ids. Snowflakes stay strings everywhere: 64 bits do not fit a JavaScript number.
 * The brand keeps a user id out of a place that wants a guild id.
 */
declare const brand: unique symbol;
type Branded<Kind extends string> = string & { readonly [brand]: Kind };

export type GuildId = Branded<'guild'>;
export type UserId = Branded<'user'>;
export type ChannelId = Branded<'channel'>;
export type RoleId = Branded<'role'>;
/** The part of an invite link after the last slash; a vanity code is one too. */
export type InviteCode = Branded<'code'>;
