import {
  composeSnowflake,
  type GuildSpec,
  type InviteSpec,
  type PermissionName,
  type Prng,
} from '@wherefrom/emulator';
import { integer, weighted } from './chance.ts';
import { START } from './start.ts';

const DAY_MS = 86_400_000;

/** Channels of every guild, by what they are for. */
export interface Rooms {
  readonly log: string | null;
  readonly main: string;
  readonly sides: readonly string[];
}

/** A guild before the story begins, and what the story needs of it. */
export interface Setting {
  readonly spec: GuildSpec;
  readonly rooms: Rooms;
  readonly roleIds: readonly string[];
  readonly permissions: readonly PermissionName[];
  readonly vanity: boolean;
  readonly approval: boolean;
}

/** What kinds of guilds there are in a world. */
export interface Taste {
  /** Chances, from 0 to 1. */
  readonly approval: number;
  readonly roles: number;
  readonly targets: number;
  readonly vanity: number;
  readonly limits: number;
  readonly expiries: number;
  readonly blind: number;
  readonly invites: readonly (readonly [weight: number, count: number])[];
}

export const VARIED: Taste = {
  approval: 0.06,
  roles: 0.2,
  targets: 0.15,
  vanity: 0.35,
  limits: 0.3,
  expiries: 0.15,
  blind: 0.25,
  invites: [
    [1, 0],
    [2, 1],
    [4, 3],
    [4, 7],
    [2, 20],
    [1, 60],
  ],
};

const EVERYTHING: readonly PermissionName[] = [
  'MANAGE_GUILD',
  'MANAGE_CHANNELS',
  'VIEW_AUDIT_LOG',
  'VIEW_CHANNEL',
  'SEND_MESSAGES',
  'EMBED_LINKS',
  'READ_MESSAGE_HISTORY',
];

/** An id that belongs to this thing of this guild, whatever else is in the world. */
export function idFor(guild: number, number: number, bornMs = START - 400 * DAY_MS): string {
  return composeSnowflake(bornMs + guild * 10_000_000 + number * 7, guild * 4096 + (number % 4096));
}

/** Accounts that will join, by number: most are old, some a few hours. */
export function userFor(guild: number, number: number): string {
  const young = number % 23 === 0;
  return idFor(guild, 1_000 + number, START - (young ? 2 * 3_600_000 + 200_000_000 : 400 * DAY_MS));
}

/** Accounts that make the invites of a guild. */
export function invitersOf(guild: number): string[] {
  return [0, 1, 2, 3, 4].map((number) => idFor(guild, 100 + number));
}

export function settingOf(prng: Prng, guild: number, taste: Taste): Setting {
  const rooms: Rooms = {
    log: prng.chance(0.95) ? idFor(guild, 10) : null,
    main: idFor(guild, 11),
    sides: [idFor(guild, 12), idFor(guild, 13)],
  };
  const roleIds = prng.chance(taste.roles) ? [idFor(guild, 20), idFor(guild, 21)] : [];
  const blind = prng.chance(taste.blind);
  const missing = blind
    ? prng.pick<PermissionName>(['VIEW_AUDIT_LOG', 'MANAGE_CHANNELS', 'VIEW_AUDIT_LOG'])
    : null;
  const history = prng.chance(0.5);
  const permissions = EVERYTHING.filter(
    (name) => name !== missing && (history || name !== 'READ_MESSAGE_HISTORY'),
  );
  const vanity = prng.chance(taste.vanity);
  const approval = prng.chance(taste.approval);
  const channel = (name: string, id: string) => ({ id, name });
  const spec: GuildSpec = {
    guildId: idFor(guild, 1),
    ownerId: idFor(guild, 2),
    channels: [
      ...(rooms.log === null ? [] : [channel('join-logs', rooms.log)]),
      channel('general', rooms.main),
      ...rooms.sides.map((id, index) => channel(`side-${index}`, id)),
    ],
    roles: roleIds.map((id, index) => ({ id, name: `role-${index}` })),
    botPermissions: permissions,
    features: approval ? ['MEMBER_VERIFICATION_MANUAL_APPROVAL'] : [],
    ...(vanity ? { vanity: { code: `vanity-${guild}`, uses: integer(prng, 0, 500) } } : {}),
    invites: Array.from({ length: weighted(prng, taste.invites) }, (_, index) =>
      inviteOf(prng, {
        guild,
        index,
        rooms,
        roleIds,
        taste,
        bornMs: START - integer(prng, 1, 900_000),
      }),
    ),
  };
  return { spec, rooms, roleIds, permissions, vanity, approval };
}

export interface InvitePlace {
  readonly guild: number;
  readonly index: number;
  readonly rooms: Rooms;
  readonly roleIds: readonly string[];
  readonly taste: Taste;
  readonly bornMs?: number;
}

export function inviteOf(prng: Prng, place: InvitePlace): InviteSpec {
  const { guild, index, rooms, roleIds, taste, bornMs } = place;
  const maxUses = prng.chance(taste.limits) ? prng.pick([1, 1, 2, 5, 10]) : 0;
  const used = maxUses === 0 ? integer(prng, 0, 40) : integer(prng, 0, maxUses - 1);
  const grants = roleIds.length > 0 && prng.chance(0.4);
  const targeted = prng.chance(taste.targets * 0.3);
  return {
    code: `c${guild}x${index}`,
    channelId: prng.chance(0.6) ? rooms.main : prng.pick(rooms.sides),
    inviterId: prng.chance(0.05) ? null : prng.pick(invitersOf(guild)),
    uses: bornMs === undefined ? 0 : used,
    maxUses,
    maxAgeS: prng.chance(taste.expiries) ? integer(prng, 60, 3_600) : 0,
    ...(grants ? { roleIds: [prng.pick(roleIds)] } : {}),
    ...(targeted
      ? { targetUserIds: Array.from({ length: 12 }, () => userFor(guild, integer(prng, 0, 60))) }
      : {}),
    ...(bornMs === undefined ? {} : { createdAtMs: bornMs }),
  };
}
