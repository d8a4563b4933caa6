import type { Emulator, Fault, Prng, Via } from '@wherefrom/emulator';
import { nameOf, type Stage } from './stage.ts';

/** One guild of the story and what may happen in it. */
export interface Place {
  readonly guildId: string;
  readonly stage: Stage;
  readonly emulator: Emulator;
  readonly prng: Prng;
  readonly codes: readonly string[];
  readonly channelIds: Readonly<Record<string, string>>;
  join(via: string | Via, details?: { readonly joinedAtMs?: number }): string;
  /** A join that the bot cannot see. */
  unseenJoin(code: string): void;
  /** An invite that the service has heard of. */
  invite(spec: InviteWish): Promise<string>;
  /** Switches a fault of this guild on. */
  fault(fault: GuildFault): { clear(): void };
  calm(): Promise<void>;
  /** The next request for this guild's list has arrived. */
  listAsked(): Promise<void>;
  listAnswered(): Promise<void>;
}

type InviteWish = {
  readonly maxUses?: number;
  readonly maxAgeS?: number;
  readonly channelId?: string;
};
/** A fault whose guild is filled in. */
type GuildFault = Fault extends infer Each
  ? Each extends { readonly guildId?: string }
    ? Omit<Each, 'guildId'>
    : never
  : never;

export function openPlace(stage: Stage, prng: Prng, name: string): Place {
  const { emulator } = stage;
  const codes = ['a', 'b', 'c'].map((code) => `${name}-${code}`);
  const { guildId, channelIds } = emulator.act({
    kind: 'createGuild',
    name,
    channels: ['join-logs', 'doomed'],
    vanity: { code: `${name}-vanity`, uses: 50 },
    invites: codes.map((code, n) => ({ code, uses: n * 3 })),
  });
  const asked = (): number => lists().length;
  const lists = () =>
    emulator.requests.filter(
      (each) => each.guildId === guildId && each.route === 'GET /guilds/:guild/invites',
    );
  const answered = (): number => lists().filter(({ status }) => status === 200).length;
  const place: Place = {
    guildId,
    stage,
    emulator,
    prng,
    codes,
    channelIds,
    join: (via, details = {}) => {
      const wanted: Via = typeof via === 'string' ? { kind: 'invite', code: via } : via;
      return emulator.act({ kind: 'join', guildId, via: wanted, ...details }).userId;
    },
    unseenJoin: (code) => {
      const via: Via = { kind: 'invite', code };
      const { userId, joinedAtMs } = emulator.act({ kind: 'join', guildId, via });
      stage.unseen.add(nameOf(guildId, userId, joinedAtMs));
    },
    invite: async (spec) => {
      const from = stage.seen(guildId);
      const { code } = emulator.act({ kind: 'createInvite', guildId, ...spec });
      const created = (seen: { kind: string; invite?: { code: string } }): boolean =>
        seen.kind === 'invite-created' && seen.invite?.code === code;
      await stage.observed(guildId, created, from);
      return code;
    },
    fault: (fault) => emulator.faults.set({ ...fault, guildId } as Fault),
    calm: () => stage.calm(guildId),
    listAsked: () => {
      const before = asked();
      return emulator.waitFor(() => asked() > before);
    },
    listAnswered: () => {
      const before = answered();
      return emulator.waitFor(() => answered() > before, { timeoutMs: 60_000 });
    },
  };
  return place;
}
