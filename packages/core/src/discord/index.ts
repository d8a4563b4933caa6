/** Discord's payloads, read into what the engine observes. Nothing here throws. */

export { type ApplicationReading, applicationFromPayload } from './application.ts';
export {
  type AuditEvent,
  type AuditMeaning,
  auditEntryFromPayload,
  type LeaveReason,
} from './audit-entry.ts';
export {
  type ChannelEvent,
  channelFromPayload,
  type GuildArrival,
  type GuildDeparture,
  type GuildReading,
  guildDeleteFromPayload,
  guildFromPayload,
  guildUpdateFromPayload,
  type ReadyReading,
  type RoleEvent,
  readyFromPayload,
  roleEventFromPayload,
} from './guild-events.ts';
export {
  type InviteCreateEvent,
  type InviteDeleteEvent,
  type InviteList,
  inviteCreatedFromPayload,
  inviteDeletedFromPayload,
  inviteReadingsFromPayload,
  invitersFromPayload,
  type VanityReading,
  vanityFromPayload,
} from './invites.ts';
export {
  type Arrival,
  type JoinEvent,
  type JoinFacts,
  joinFromPayload,
  type LeaveEvent,
  leaveFromPayload,
  type MemberUpdate,
  memberUpdateFromPayload,
} from './member-events.ts';
export {
  MEMBERS_PER_PAGE,
  type MemberReading,
  type MembersReading,
  membersFromPayload,
} from './member-list.ts';
export {
  type MemberPageWanted,
  type MemberSearchReading,
  memberPageBody,
  memberSearchBody,
  memberSearchFromPayload,
  type SearchedMember,
} from './member-search.ts';
export {
  editMessageBody,
  errorCodeOf,
  type MessageReading,
  messageFromPayload,
  newMessageBody,
  retryAfterMsOf,
} from './message.ts';
export type { Malformed, Payload, Reading } from './payload.ts';
export {
  accessOf,
  type ChannelReading,
  channelPermissions,
  everyoneRole,
  guildPermissions,
  type MemberStanding,
  type Overwrite,
  PERMISSION,
  type RoleReading,
} from './permissions.ts';
export { type Profile, profileFromPayload } from './profile.ts';
export { idOf, idsOf, shardOfGuild, snowflakeAt, snowflakeTime } from './snowflake.ts';
export { isTargetsJobCompleted, targetsFromCsv } from './targets.ts';
export { timeOf } from './timestamp.ts';
