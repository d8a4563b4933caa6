import type { Story } from './story.ts';

export const crowds: readonly Story[] = [
  {
    name: 'crowd',
    group: 'crowd',
    about: '60 people in five seconds, all by one invite',
    play: async (stage) => {
      const guildId = stage.town({ codes: ['blog', 'forum', 'stream'] });
      await stage.start();
      for (let n = 0; n < 60; n += 1) {
        stage.by(guildId, 'stream');
        await stage.pause(stage.chance.between([40, 126]));
      }
    },
  },
  {
    name: 'raid',
    group: 'crowd',
    about: '200 people in ten seconds by five invites, half of them by one',
    play: async (stage) => {
      const codes = ['blog', 'forum', 'poster', 'stream', 'friends'];
      const guildId = stage.town({ codes });
      await stage.start();
      for (let n = 0; n < 200; n += 1) {
        const other = stage.chance.pick(codes);
        stage.by(guildId, stage.chance.chance(0.4) ? 'stream' : other);
        await stage.pause(stage.chance.between([20, 80]));
      }
    },
  },
];
