import { APART_MS, BOT, DISCOVERY, type Story, VANITY } from './story.ts';

export const ordinary: readonly Story[] = [
  {
    name: 'evening',
    group: 'ordinary',
    about: 'four guilds, 28 joins one after another by twelve invites and a vanity link',
    play: async (stage) => {
      const towns = ['north', 'east', 'south', 'west'].map((name) => {
        const codes = [`${name}-blog`, `${name}-forum`, `${name}-poster`];
        const vanity = name === 'west' ? { vanity: 'westend' } : {};
        return { codes, ...vanity, guildId: stage.town({ codes, ...vanity }) };
      });
      await stage.start();
      for (let n = 0; n < 28; n += 1) {
        const { guildId, codes, vanity } = towns[n % 4]!;
        const code = stage.chance.pick(codes);
        // The first round is by invites: some end at the first join that they do not expect.
        if (vanity !== undefined && n > 4 && stage.chance.chance(0.5)) stage.join(guildId, VANITY);
        else stage.by(guildId, code);
        await stage.pause(stage.chance.between([750, 1_000]));
      }
    },
  },
  {
    name: 'one-use',
    group: 'ordinary',
    about: 'links for one person, made and used; one made before the bot came',
    play: async (stage) => {
      const old = { code: 'old-gift', maxUses: 1 };
      const guildId = stage.town({ codes: ['blog', 'forum'], invites: [old] });
      await stage.start();
      for (const code of ['gift-1', 'gift-2', 'gift-3']) {
        stage.emulator.act({ kind: 'createInvite', guildId, code, maxUses: 1 });
        await stage.pause(1_500);
        stage.by(guildId, code);
        await stage.pause(APART_MS);
      }
      stage.by(guildId, 'old-gift');
      await stage.pause(APART_MS);
      stage.by(guildId, 'forum');
    },
  },
  {
    name: 'new-invite',
    group: 'ordinary',
    about: 'invites made while the bot runs, used later or at once',
    play: async (stage) => {
      const guildId = stage.town({ codes: ['blog', 'forum'] });
      await stage.start();
      const create = (code: string): void =>
        void stage.emulator.act({ kind: 'createInvite', guildId, code, maxUses: 10 });
      create('later');
      await stage.pause(2_000);
      stage.by(guildId, 'later');
      await stage.pause(APART_MS);
      create('at-once');
      await stage.pause(20);
      stage.by(guildId, 'at-once');
      await stage.pause(APART_MS);
      stage.by(guildId, 'later');
      await stage.pause(APART_MS);
      stage.by(guildId, 'at-once');
    },
  },
  {
    name: 'vanity',
    group: 'ordinary',
    about: 'a guild with a vanity link, and one member who comes from Server Discovery',
    play: async (stage) => {
      const guildId = stage.town({ codes: ['blog', 'forum'], vanity: 'chess' });
      await stage.start();
      for (const code of ['chess', 'blog', 'chess', null, 'chess']) {
        if (code === 'chess') stage.join(guildId, VANITY);
        else if (code === null) stage.join(guildId, DISCOVERY);
        else stage.by(guildId, code);
        await stage.pause(APART_MS);
      }
    },
  },
  {
    name: 'bots',
    group: 'ordinary',
    about: 'bots are added between the joins of people',
    play: async (stage) => {
      const guildId = stage.town({ codes: ['blog', 'forum'] });
      await stage.start();
      stage.join(guildId, BOT);
      await stage.pause(APART_MS);
      stage.by(guildId, 'forum');
      await stage.pause(APART_MS);
      stage.join(guildId, BOT);
      await stage.pause(APART_MS);
      stage.by(guildId, 'blog');
    },
  },
  {
    name: 'return',
    group: 'ordinary',
    about: 'a member leaves and returns by another link; an event of Discord comes twice',
    play: async (stage) => {
      const guildId = stage.town({ codes: ['blog', 'forum'] });
      await stage.start();
      const userId = stage.by(guildId, 'blog');
      await stage.pause(APART_MS);
      stage.emulator.act({ kind: 'leave', guildId, userId });
      await stage.pause(500);
      stage.join(guildId, { kind: 'invite', code: 'forum' }, userId);
      await stage.pause(APART_MS);
      stage.emulator.act({ kind: 'repeatAdd', guildId, userId });
      await stage.pause(APART_MS);
      stage.by(guildId, 'blog');
    },
  },
];
