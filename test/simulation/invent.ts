import { createPrng, type Prng } from '@wherefrom/emulator';
import { integer, mixed, weighted } from './chance.ts';
import { mishapsAmong } from './mishaps.ts';
import type { Deed, Entry, Script, Way } from './script.ts';
import {
  idFor,
  inviteOf,
  invitersOf,
  type Setting,
  settingOf,
  type Taste,
  userFor,
} from './settings.ts';
import type { Traffic } from './traffic.ts';

/** What a world is made of, apart from its weather. */
export interface Recipe {
  readonly guilds: number;
  readonly joins: number;
  readonly taste: Taste;
  readonly traffic: (prng: Prng) => Traffic;
  /** How much goes on beside the joins, from 0 to 1. */
  readonly bustle: number;
  /** How people come, apart from invites. */
  readonly ways: readonly (readonly [weight: number, Way])[];
  /** Kinds of mishaps and how wild they are; what is missing is off. */
  readonly mishaps: Readonly<Record<string, number>>;
  /** Ghosts and unexplained ends: outside the assumptions. */
  readonly ghosts: number;
}

/** The same seed and recipe make the same script. */
export function inventScript(seed: number, recipe: Recipe): Script {
  const prng = createPrng(mixed(seed, 'script'));
  const settings = Array.from({ length: recipe.guilds }, (_, guild) =>
    settingOf(createPrng(mixed(seed, `guild ${guild}`)), guild, recipe.taste),
  );
  const entries: Entry[] = settings.flatMap((setting, guild) => {
    const own = createPrng(mixed(seed, `story ${guild}`));
    return storyOf(own, recipe, setting, guild);
  });
  const times = entries.map(({ atMs }) => atMs);
  entries.push(...mishapsAmong(prng, times, recipe));
  return {
    guilds: settings.map(({ spec }) => spec),
    inviters: settings.flatMap((_, guild) => invitersOf(guild)),
    entries: entries.sort((a, b) => a.atMs - b.atMs),
  };
}

function storyOf(prng: Prng, recipe: Recipe, setting: Setting, guild: number): Entry[] {
  const count = Math.max(1, Math.round(recipe.joins / recipe.guilds));
  const times = recipe.traffic(prng)(prng, count);
  const entries: Entry[] = [];
  const add = (atMs: number, deed: Deed): void => {
    entries.push({ atMs: Math.max(0, Math.round(atMs)), guild, deed });
  };
  let people = 0;
  for (const at of times) {
    const back = people > 3 && prng.chance(0.08 * recipe.bustle);
    const number = back ? integer(prng, 0, people - 1) : people++;
    const way = weighted(prng, recipe.ways);
    const userId = way === 'bot' ? idFor(guild, 3_000 + number) : userFor(guild, number);
    const taste = integer(prng, 0, 0x7fffffff);
    // Who comes back has left before, and long enough ago to be another join (rule 6).
    if (back) add(at - integer(prng, 2_100, 20_000), { kind: 'leave', userId, how: 'leave' });
    if (way === 'invite' && prng.chance(0.06 * recipe.bustle)) {
      const index = 10_000 + entries.length;
      useOnce(prng, { guild, setting, at, index, userId, taste, taste2: recipe.taste }, add);
    } else add(at, { kind: 'join', userId, way, taste });
    aftermath(prng, recipe, { at, userId, guild, approval: setting.approval }, add);
  }
  around(prng, recipe, { setting, guild, times }, add);
  return entries;
}

type Add = (atMs: number, deed: Deed) => void;

/** An invite for one person, made and used within seconds. */
function useOnce(
  prng: Prng,
  one: {
    readonly guild: number;
    readonly setting: Setting;
    readonly at: number;
    readonly index: number;
    readonly userId: string;
    readonly taste: number;
    readonly taste2: Taste;
  },
  add: Add,
): void {
  const { guild, setting, at, index, userId, taste } = one;
  const place = {
    guild,
    index,
    rooms: setting.rooms,
    roleIds: setting.roleIds,
    taste: one.taste2,
  };
  const { targetUserIds: _none, ...spec } = inviteOf(prng, place);
  const code = spec.code!;
  const once = { ...spec, maxUses: 1, maxAgeS: 0 };
  add(at - integer(prng, 50, 6_000), {
    kind: 'create-invite',
    spec: once,
    announce: prng.chance(0.85),
  });
  add(at, { kind: 'join', userId, way: 'invite', taste, code });
}

/** What follows a join: leaves, repeated events, updates, approvals. */
function aftermath(
  prng: Prng,
  { bustle }: Recipe,
  one: {
    readonly at: number;
    readonly userId: string;
    readonly guild: number;
    readonly approval: boolean;
  },
  add: Add,
): void {
  const { at, userId, guild, approval } = one;
  if (prng.chance(0.1 * bustle)) {
    const how = prng.pick(['leave', 'leave', 'kick', 'ban'] as const);
    add(at + integer(prng, 100, prng.chance(0.5) ? 5_000 : 120_000), {
      kind: 'leave',
      userId,
      how,
    });
  }
  if (prng.chance(0.05 * bustle)) {
    add(at + integer(prng, 50, 90_000), {
      kind: 'repeat',
      userId,
      shiftMs: integer(prng, -900, 900),
    });
  }
  if (prng.chance(0.05 * bustle))
    add(at + integer(prng, 100, 60_000), { kind: 'update-member', userId });
  if (prng.chance(0.02 * bustle))
    add(at, { kind: 'guest', userId: idFor(guild, 2_000 + integer(prng, 0, 999)) });
  if (approval && prng.chance(0.7))
    add(at + integer(prng, 500, 90_000), { kind: 'approve', userId });
}

/** What else goes on in the guild, mostly near a join. */
function around(
  prng: Prng,
  recipe: Recipe,
  {
    setting,
    guild,
    times,
  }: { readonly setting: Setting; readonly guild: number; readonly times: readonly number[] },
  add: Add,
): void {
  const { bustle, ghosts } = recipe;
  const near = (): number => {
    const at = times.length === 0 ? 10_000 : prng.pick(times);
    return prng.chance(0.8)
      ? at + integer(prng, -4_000, 4_000)
      : at + integer(prng, -60_000, 60_000);
  };
  const often = (share: number): number =>
    Math.round(prng.next() * 2 * share * bustle * times.length);
  const codes = (setting.spec.invites ?? []).map(({ code }) => code!);
  for (let index = often(0.1); index > 0; index -= 1) {
    const spec = inviteOf(prng, {
      guild,
      index: 2_000 + index,
      rooms: setting.rooms,
      roleIds: setting.roleIds,
      taste: recipe.taste,
    });
    add(near(), { kind: 'create-invite', spec, announce: prng.chance(0.8) });
    if (prng.chance(0.5)) codes.push(spec.code!);
  }
  for (const code of codes) {
    if (prng.chance(0.12 * bustle)) add(near(), { kind: 'revoke', code, announce: true });
  }
  for (const channelId of setting.rooms.sides) {
    if (prng.chance(0.08 * bustle)) add(near(), { kind: 'delete-channel', channelId });
  }
  if (setting.rooms.log !== null && prng.chance(0.03 * bustle)) {
    add(near(), { kind: 'delete-channel', channelId: setting.rooms.log });
  }
  if (setting.vanity && prng.chance(0.2 * bustle)) {
    const code = prng.chance(0.3) ? null : `other-${guild}`;
    add(near(), { kind: 'vanity', code, uses: integer(prng, 0, 50) });
  }
  for (let index = Math.round(ghosts * times.length); index > 0; index -= 1) {
    add(near(), ghost(prng, guild, index));
  }
}

function ghost(prng: Prng, guild: number, index: number): Deed {
  const taste = integer(prng, 0, 0x7fffffff);
  return weighted<Deed>(prng, [
    [2, { kind: 'ghost-count', taste }],
    [2, { kind: 'ghost-join', userId: userFor(guild, 5_000 + index), taste }],
    [1, { kind: 'vanish', taste }],
  ]);
}
