import type { Attribution } from '../engine/attribution.ts';
import type { GuildId, UserId } from '../engine/ids.ts';
import type { KnownMember } from '../engine/observation.ts';
import type { GuildState } from '../engine/state.ts';
import { restFromJson, restToJson } from '../engine/state-json.ts';
import type { GuildStep, GuildStore } from './ports.ts';

/** Keeps everything in memory: for tests, for trying things out, and for bots that need no more. */
export interface MemoryGuildStore extends GuildStore {
  /** The latest answer of every join of a guild, in the order of their first record. */
  answers(guildId: GuildId): readonly Attribution[];
}

/** An empty store; it forgets everything with the process. */
export function createMemoryGuildStore(): MemoryGuildStore {
  const states = new Map<GuildId, GuildState>();
  const members = new Map<string, KnownMember>();
  const ledger = new Map<GuildId, Map<string, Attribution>>();
  const nameOf = (guildId: GuildId, userId: UserId): string => `${guildId}/${userId}`;
  return {
    load: (guildId) => {
      const state = states.get(guildId);
      // As from a file: a request that was open in another tracker is not open in this one.
      return state ? { ...state, rest: restFromJson(restToJson(state.rest)) } : null;
    },
    member: (guildId, userId) => members.get(nameOf(guildId, userId)) ?? null,
    answer: (guildId, userId) => {
      let latest: Attribution | null = null;
      for (const answer of ledger.get(guildId)?.values() ?? []) {
        if (answer.userId !== userId) continue;
        if (latest === null || answer.joinedAt > latest.joinedAt) latest = answer;
      }
      return latest;
    },
    commit: (step: GuildStep) => {
      states.set(step.guildId, step.state);
      const answers = ledger.get(step.guildId) ?? new Map<string, Attribution>();
      ledger.set(step.guildId, answers);
      for (const answer of step.records) answers.set(`${answer.userId}/${answer.joinedAt}`, answer);
      for (const change of step.members) {
        const name = nameOf(step.guildId, change.userId);
        if (change.kind === 'joined')
          members.set(name, { joinedAt: change.joinedAt, present: true });
        else {
          const known = members.get(name);
          if (known) members.set(name, { ...known, present: false });
        }
      }
    },
    answers: (guildId) => [...(ledger.get(guildId)?.values() ?? [])],
  };
}
