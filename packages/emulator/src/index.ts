export type { SettledOptions, WaitOptions } from './activity.ts';
export { type Emulator, startEmulator } from './emulator.ts';
export type { ActiveFault, Fault, FaultKind, Faults } from './faults.ts';
export type { ConnectionView, DisconnectOptions, GatewayCounts } from './gateway/gateway.ts';
export type { KeptEvent } from './gateway/session.ts';
export type { EmulatorOptions, Limit, Limits, RangeMs, ReadAt } from './options.ts';
export { createPrng, type Prng } from './prng.ts';
export { answerRest, type RestAnswer, type RestQuestion } from './rest/answer.ts';
export type { Reply } from './rest/reply.ts';
export type { LoggedRequest, Violation } from './rest/request-log.ts';
export type { SearchCounts, SituationCounts } from './situations.ts';
export {
  type Action,
  ActionError,
  type ActionKind,
  type ActionOf,
  type ChannelSpec,
  type FillerSource,
  type GuildSpec,
  type InviteSpec,
  type JoinDetails,
  type JoinResult,
  type Results,
  type RoleSpec,
  type Via,
} from './world/action.ts';
export { type Applied, apply } from './world/apply.ts';
export { type Dispatch, INTENTS, type Note, type Outcome } from './world/dispatch.ts';
export type { Message, MessageBody } from './world/messages.ts';
export { guildCreatePayload } from './world/payloads.ts';
export { PERMISSIONS, type PermissionName, TRACKER_PERMISSIONS } from './world/permissions.ts';
export {
  composeSnowflake,
  DISCORD_EPOCH_MS,
  type Snowflake,
  shardOf,
  snowflakeTimeMs,
  timestamp,
} from './world/snowflake.ts';
export {
  createWorld,
  type EndReason,
  type Guild,
  type Invite,
  type Origin,
  type TruthRecord,
  type User,
  type World,
  type WorldOptions,
} from './world/world.ts';
