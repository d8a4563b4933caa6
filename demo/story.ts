import type { Emulator } from '@wherefrom/emulator';
import type { Cast, Town } from './cast.ts';
import type { Chance } from './chance.ts';

/** One scene: what happens, and for how long it keeps the stage. */
export interface Scene {
  readonly title: string;
  readonly pauseMs: number;
  play(): void | Promise<void>;
}

export interface StoryTools {
  readonly emulator: Emulator;
  readonly cast: Cast;
  readonly chance: Chance;
  /** The bot stops and comes back. */
  restart(): Promise<void>;
}

/** The scenes of one round, in their order; the seed draws who, where and by what. */
export function scenesOf(tools: StoryTools): Scene[] {
  const [harbour, owls, chess] = tools.cast.towns as [Town, Town, Town];
  return [
    ordinary(tools, harbour),
    ordinary(tools, chess),
    oneUse(tools, harbour),
    vanity(tools, owls),
    botAdded(tools, chess),
    ordinary(tools, owls),
    sameInstant(tools, harbour),
    revoked(tools, owls),
    discovery(tools, owls),
    raidByOneLink(tools, chess),
    leaveAndReturn(tools, owls),
    raid(tools, harbour),
    ordinary(tools, chess),
    restart(tools),
    ordinary(tools, owls),
    ordinary(tools, harbour),
    ordinary(tools, chess),
    lastUseAndVanity(tools, owls),
    ordinary(tools, harbour),
    ordinary(tools, chess),
  ];
}

function join(tools: StoryTools, town: Town, code: string): string {
  return tools.emulator.act({
    kind: 'join',
    guildId: town.guildId,
    via: { kind: 'invite', code },
    username: tools.cast.newName(),
  }).userId;
}

function ordinary(tools: StoryTools, town: Town): Scene {
  const code = tools.chance.pick(town.codes);
  return {
    title: `somebody joins ${town.name}`,
    pauseMs: tools.chance.between(900, 1_800),
    play: () => void join(tools, town, code),
  };
}

function oneUse(tools: StoryTools, town: Town): Scene {
  return {
    title: `a one-use link for ${town.name} is made and used`,
    pauseMs: 2_000,
    play: async () => {
      const { emulator, chance } = tools;
      const inviterId = chance.pick(town.inviterIds);
      const { guildId } = town;
      const { code } = emulator.act({ kind: 'createInvite', guildId, inviterId, maxUses: 1 });
      await emulator.settled();
      join(tools, town, code);
    },
  };
}

function vanity(tools: StoryTools, town: Town): Scene {
  return {
    title: `somebody comes by the vanity link of ${town.name}`,
    pauseMs: 1_500,
    play: () => {
      const username = tools.cast.newName();
      tools.emulator.act({
        kind: 'join',
        guildId: town.guildId,
        via: { kind: 'vanity' },
        username,
      });
    },
  };
}

function botAdded(tools: StoryTools, town: Town): Scene {
  return {
    title: `a bot is added to ${town.name}`,
    pauseMs: 800,
    play: () => {
      const adderId = tools.chance.pick(town.inviterIds);
      const { guildId } = town;
      tools.emulator.act({
        kind: 'join',
        guildId,
        via: { kind: 'bot', adderId },
        username: 'Helpful Robot',
        bot: true,
      });
    },
  };
}

function sameInstant(tools: StoryTools, town: Town): Scene {
  return {
    title: `two people join ${town.name} in the same instant, by two links`,
    pauseMs: 2_500,
    play: () => {
      join(tools, town, town.codes[0]!);
      join(tools, town, town.codes[1]!);
    },
  };
}

function discovery(tools: StoryTools, town: Town): Scene {
  return {
    title: `somebody finds ${town.name} in Server Discovery`,
    pauseMs: 1_500,
    play: () => {
      const username = tools.cast.newName();
      tools.emulator.act({ kind: 'join', guildId: town.guildId, via: { kind: 'none' }, username });
    },
  };
}

function revoked(tools: StoryTools, town: Town): Scene {
  return {
    title: `a moderator of ${town.name} deletes an invite, then somebody joins by another`,
    pauseMs: 1_500,
    play: async () => {
      const { emulator, chance } = tools;
      const { guildId } = town;
      const inviterId = chance.pick(town.inviterIds);
      const { code } = emulator.act({ kind: 'createInvite', guildId, inviterId, maxUses: 5 });
      await emulator.settled();
      emulator.act({ kind: 'deleteInvite', guildId, code, byId: town.inviterIds[0]! });
      join(tools, town, town.codes[0]!);
    },
  };
}

/** Thirty people in under two seconds, all by one link: crowded, but no riddle. */
function raidByOneLink(tools: StoryTools, town: Town): Scene {
  return {
    title: `a crowd comes to ${town.name} by one link`,
    pauseMs: 3_500,
    play: async () => {
      const { chance } = tools;
      const code = chance.pick(town.codes);
      for (let n = 0; n < 30; n += 1) {
        join(tools, town, code);
        await wait(chance.between(20, 80));
      }
    },
  };
}

/** Twenty people at once by several links: who used which cannot be told, the sums can. */
function raid(tools: StoryTools, town: Town): Scene {
  return {
    title: `a raid on ${town.name}, by several links`,
    pauseMs: 3_500,
    play: async () => {
      const { chance } = tools;
      const main = chance.pick(town.codes);
      for (let n = 0; n < 20; n += 1) {
        join(tools, town, chance.next() < 0.7 ? main : chance.pick(town.codes));
        await wait(chance.between(20, 80));
      }
    },
  };
}

function leaveAndReturn(tools: StoryTools, town: Town): Scene {
  return {
    title: `a member leaves ${town.name} and returns by another link`,
    pauseMs: 1_500,
    play: async () => {
      const { emulator } = tools;
      const { guildId } = town;
      const userId = join(tools, town, town.codes[0]!);
      await wait(4_000);
      emulator.act({ kind: 'leave', guildId, userId });
      await wait(600);
      const via = { kind: 'invite', code: town.codes[1]! } as const;
      emulator.act({ kind: 'join', guildId, via, userId });
    },
  };
}

function restart(tools: StoryTools): Scene {
  return {
    title:
      'the bot restarts: the next join of each guild is likely at most, for who joined meanwhile?',
    pauseMs: 500,
    play: async () => {
      await tools.restart();
      await tools.emulator.settled();
    },
  };
}

function lastUseAndVanity(tools: StoryTools, town: Town): Scene {
  return {
    title: `the last use of a link and the vanity link of ${town.name}, a moment apart`,
    pauseMs: 2_000,
    play: async () => {
      const { emulator, chance, cast } = tools;
      const { guildId } = town;
      const inviterId = chance.pick(town.inviterIds);
      const { code } = emulator.act({ kind: 'createInvite', guildId, inviterId, maxUses: 1 });
      await emulator.settled();
      join(tools, town, code);
      await wait(chance.between(30, 200));
      emulator.act({ kind: 'join', guildId, via: { kind: 'vanity' }, username: cast.newName() });
    },
  };
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
