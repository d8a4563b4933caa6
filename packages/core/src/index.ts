/**
 * Which invite did this Discord member use? Exact where the evidence allows it, honest where it
 * does not. This is the whole public surface; everything else may change.
 */

export * from './counting/index.ts';
export * from './discord/index.ts';
export type {
  AssumptionName,
  Attribution,
  BasicAssumption,
  Candidate,
  Certainty,
  Evidence,
  GapCause,
  JoinGroup,
  Origin,
  UnknownReason,
  VanishReason,
} from './engine/attribution.ts';
export { SAME_JOIN_MS } from './engine/constants.ts';
export type { Effect, Note } from './engine/effect.ts';
export { emptyState, step } from './engine/engine.ts';
export type { ChannelId, GuildId, InviteCode, RoleId, UserId } from './engine/ids.ts';
export type {
  InviteReading,
  JoinObserved,
  KnownMember,
  ListedMember,
  Observation,
  SearchHit,
  SearchMode,
} from './engine/observation.ts';
export type { GuildRest, GuildState, InviteRecord } from './engine/state.ts';
export { restFromJson, restToJson } from './engine/state-json.ts';
export { attributionShape } from './journal/attribution-shape.ts';
export {
  type AlikeJoins,
  type Awaited,
  type Belief,
  type BelievedUses,
  beliefOf,
  type Doubts,
  type Looked,
  type RuledOut,
  type WhyNot,
} from './journal/belief.ts';
export { ENGINE_CONSTANTS } from './journal/engine-constants.ts';
export { observationShape } from './journal/observation-shape.ts';
export { Misfit, type Names, type Shape } from './journal/shape.ts';
export {
  guildState,
  type InviteEntry,
  type StoredState,
  stateShape,
  storedState,
} from './journal/state-shape.ts';
export { createMemoryGuildStore, type MemoryGuildStore } from './tracker/memory-store.ts';
export type {
  Clock,
  GuildStep,
  GuildStore,
  InviteSource,
  InvitesAnswer,
  MemberChange,
  MemberList,
  MemberPage,
  MemberSearch,
  PageWanted,
  Receipt,
  Refusal,
  SearchAnswer,
  TargetsAnswer,
  TrackerPorts,
  TrackerReport,
  VanityAnswer,
} from './tracker/ports.ts';
export {
  createTracker,
  type Tracker,
  type TrackerHealth,
  type TrackerOptions,
} from './tracker/tracker.ts';
