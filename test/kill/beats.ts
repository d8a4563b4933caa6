import type { Prng } from '@wherefrom/emulator';
import type { Town } from './town.ts';

/** Something that happens: the first part now, the others a moment later each. */
export type Beat = readonly (() => void)[];
type Script = (town: Town, chance: Prng) => Beat;

const lone: Script = (town, chance) => [() => town.invited(chance.pick(town.codes))];

const crowd: Script = (town, chance) => [
  () => {
    const size = 4 + Math.floor(chance.next() * 6);
    for (let n = 0; n < size; n += 1) town.invited(chance.pick(town.codes));
  },
];

/** An invite is made, used up, and gone. */
const usedUp: Script = (town, chance) => {
  const maxUses = chance.chance(0.8) ? 1 : 2;
  const code = town.invite(maxUses);
  const use = (): void => town.invited(code);
  return maxUses === 1 ? [use] : [use, use];
};

/** Somebody revokes an invite that was used a moment ago. */
const revoked: Script = (town) => {
  const { emulator, guildId } = town;
  const code = town.invite(5);
  const revoke = (): void => {
    if (town.hasInvite(code)) emulator.act({ kind: 'deleteInvite', guildId, code });
  };
  return [() => town.invited(code), revoke];
};

const vanity: Script = (town) => [() => town.join({ kind: 'vanity' })];
const discovered: Script = (town) => [() => town.join({ kind: 'none' })];
const bot: Script = (town) => [() => town.join({ kind: 'bot' })];

const gone: Script = (town, chance) => {
  const home = town.atHome();
  if (home.length === 0) return [];
  const { userId } = chance.pick(home);
  return [() => town.leave(userId, chance.pick(['leave', 'leave', 'kick', 'ban']))];
};

const returned: Script = (town, chance) => {
  const away = town.away();
  if (away.length === 0) return lone(town, chance);
  const userId = chance.pick(away);
  return [
    () => {
      if (town.away().includes(userId)) town.rejoin(userId, chance.pick(town.codes));
    },
  ];
};

/** Comes and goes in one breath. */
const brief: Script = (town, chance) => {
  const { emulator, guildId } = town;
  const via = { kind: 'invite', code: chance.pick(town.codes) } as const;
  const { userId } = emulator.act({ kind: 'join', guildId, via });
  return [() => {}, () => town.leave(userId, 'leave')];
};

/** Discord tells of somebody again who is there already. */
const repeated: Script = (town, chance) => {
  const home = town.atHome();
  if (home.length === 0) return [];
  const { userId } = chance.pick(home);
  const { emulator, guildId } = town;
  return [
    () => {
      const isThere = emulator.world.guilds.get(guildId)?.members.has(userId) === true;
      if (isThere) emulator.act({ kind: 'repeatAdd', guildId, userId, joinedAtShiftMs: 400 });
    },
  ];
};

/** What only the directory takes note of. */
export const touched: Script = ({ emulator, guildId, name }, chance) => [
  () => {
    if (chance.chance(0.5)) emulator.act({ kind: 'renameGuild', guildId, name: `${name}!` });
    else emulator.act({ kind: 'createRole', guildId, name: 'guests' });
  },
];

const LIFE: readonly (readonly [Script, number])[] = [
  [lone, 5],
  [usedUp, 2],
  [returned, 1.5],
  [crowd, 0.7],
  [vanity, 1],
  [discovered, 0.7],
  [bot, 0.7],
  [gone, 2],
  [brief, 0.7],
  [revoked, 0.4],
  [repeated, 0.3],
  [touched, 0.5],
];

const LEANINGS: Partial<Record<Town['kind'], Script>> = { limited: usedUp, raided: crowd };

/** The next thing to happen in a town. */
export function nextBeat(town: Town, chance: Prng): Beat {
  if (town.kind === 'quiet') return chance.pick([lone, lone, vanity, gone, returned])(town, chance);
  const leaning = LEANINGS[town.kind];
  if (leaning !== undefined && chance.chance(0.4)) return leaning(town, chance);
  const all = LIFE.reduce((sum, [, weight]) => sum + weight, 0);
  let left = chance.next() * all;
  for (const [script, weight] of LIFE) {
    left -= weight;
    if (left < 0) return script(town, chance);
  }
  return lone(town, chance);
}
