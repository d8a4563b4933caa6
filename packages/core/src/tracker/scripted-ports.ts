import type { GuildId, InviteCode, UserId } from '../engine/ids.ts';
import type { InviteReading, Observation } from '../engine/observation.ts';
import { ManualClock } from './manual-clock.ts';
import { createMemoryGuildStore } from './memory-store.ts';
import type {
  GuildStep,
  InviteSource,
  InvitesAnswer,
  TrackerPorts,
  TrackerReport,
} from './ports.ts';

export const GUILD = '100' as GuildId;
export const OTHER = '200' as GuildId;
export const user = (n: number): UserId => String(1_000 + n) as UserId;

export function invite(code: string, uses: number): InviteReading {
  return {
    code: code as InviteCode,
    inviterId: null,
    channelId: null,
    uses,
    maxUses: 0,
    createdAt: 1_700_000_000_000,
    expiresAt: null,
    roleIds: [],
    targeted: false,
    bypass: false,
  };
}

/** A tracker's surroundings under a test's control: counts, slowness, failures, all by hand. */
export function scripted(settled: () => Promise<unknown>) {
  const clock = new ManualClock(settled);
  const memory = createMemoryGuildStore();
  const counts = new Map<GuildId, Map<string, number>>();
  const asked: { readonly guildId: GuildId; readonly at: number }[] = [];
  const steps: GuildStep[] = [];
  const reports: TrackerReport[] = [];
  const controls = {
    /** How long a list takes; it reads the counts as its request arrives. */
    listMs: 100,
    /** Answers of lists that are not ordinary. */
    invites: null as ((guildId: GuildId) => Promise<InvitesAnswer>) | null,
    /** Thrown by the next commits, one each. */
    commitFailures: [] as Error[],
  };
  const use = (code: string, guildId = GUILD): void => {
    const own = counts.get(guildId) ?? new Map<string, number>();
    own.set(code, (own.get(code) ?? 0) + 1);
    counts.set(guildId, own);
  };
  const ordinary = async (guildId: GuildId): Promise<InvitesAnswer> => {
    const requestedAt = clock.now();
    const own = [...(counts.get(guildId) ?? [])].map(([code, uses]) => invite(code, uses));
    if (controls.listMs > 0) {
      await new Promise<void>((resolve) => clock.schedule(requestedAt + controls.listMs, resolve));
    }
    return { kind: 'answered', requestedAt, answeredAt: clock.now(), invites: own, complete: true };
  };
  const source: InviteSource = {
    invites: (guildId) => {
      asked.push({ guildId, at: clock.now() });
      return (controls.invites ?? ordinary)(guildId);
    },
    vanity: async () => ({ kind: 'failed', failure: 'unavailable' }),
    targets: async () => ({ requestedAt: clock.now(), answeredAt: clock.now(), userIds: null }),
  };
  const ports: TrackerPorts = {
    clock,
    source,
    store: {
      load: (guildId) => memory.load(guildId),
      member: (guildId, userId) => memory.member(guildId, userId),
      answer: (guildId, userId) => memory.answer(guildId, userId),
      commit: (taken) => {
        const failure = controls.commitFailures.shift();
        if (failure) throw failure;
        return memory.commit(taken);
      },
    },
    committed: (taken) => void steps.push(taken),
    report: (report) => void reports.push(report),
  };
  return { clock, memory, asked, steps, reports, controls, use, ports };
}

export function joined(userId: UserId, at: number): Observation {
  const roleIds: never[] = [];
  const bot = false;
  const guest = false;
  const replayed = false;
  return { kind: 'join', at, userId, joinedAt: at, bot, guest, roleIds, replayed, member: null };
}

/** What a guild hears when the bot first meets it. */
export function firstWords(at: number): readonly Observation[] {
  return [
    { kind: 'access', at, counts: true, auditLog: true },
    { kind: 'guild', at, vanityCode: null, manualApproval: false },
    { kind: 'gap', at, from: 0, to: at, cause: 'first-start' },
  ];
}
