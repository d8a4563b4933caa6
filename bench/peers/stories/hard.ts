import { type PermissionName, TRACKER_PERMISSIONS } from '@wherefrom/emulator';
import { APART_MS, BOT, DISCOVERY, type Story } from './story.ts';

const without = (...names: readonly PermissionName[]): PermissionName[] =>
  TRACKER_PERMISSIONS.filter((name) => !names.includes(name));

export const hard: readonly Story[] = [
  {
    name: 'instant',
    group: 'hard',
    about: 'in the same instant: two by one invite, two by two, three by two, a bot and a person',
    play: async (stage) => {
      const guildId = stage.town({ codes: ['blog', 'forum'] });
      await stage.start();
      for (const codes of [
        ['forum', 'forum'],
        ['forum', 'blog'],
        ['blog', 'blog', 'forum'],
      ]) {
        for (const code of codes) stage.by(guildId, code);
        await stage.pause(APART_MS);
      }
      stage.join(guildId, BOT);
      stage.by(guildId, 'blog');
    },
  },
  {
    name: 'vanished',
    group: 'hard',
    about: 'limited invites are revoked or expire unused; then somebody comes by Server Discovery',
    play: async (stage) => {
      const revoked = { code: 'revoked', maxUses: 1, maxAgeS: 86_400 };
      const guildId = stage.town({ codes: ['blog', 'forum'], invites: [revoked] });
      await stage.start();
      stage.emulator.act({ kind: 'deleteInvite', guildId, code: 'revoked' });
      await stage.pause(APART_MS);
      stage.join(guildId, DISCOVERY);
      await stage.pause(2 * APART_MS);
      const expiring = { code: 'expiring', maxUses: 1, maxAgeS: 3 };
      stage.emulator.act({ kind: 'createInvite', guildId, ...expiring });
      await stage.pause(1_500);
      stage.by(guildId, 'forum');
      await stage.pause(2 * APART_MS);
      stage.join(guildId, DISCOVERY);
      await stage.pause(2 * APART_MS);
      stage.by(guildId, 'blog');
    },
  },
  {
    name: 'lag',
    group: 'hard',
    about: 'the counts in the invite list are 0.8 s late',
    play: async (stage) => {
      const guildId = stage.town({ codes: ['blog', 'forum'] });
      await stage.start();
      stage.emulator.faults.set({ kind: 'lag', byMs: 800 });
      for (const code of ['blog', 'forum', 'blog', 'forum']) {
        stage.by(guildId, code);
        await stage.pause(APART_MS);
      }
    },
  },
  {
    name: 'starting',
    group: 'hard',
    about: 'a bot in 40 guilds starts while people join five of them, and again later',
    play: async (stage) => {
      const guildIds = Array.from({ length: 40 }, (_, n) =>
        stage.town({ codes: [`blog-${n}`, `forum-${n}`] }),
      );
      const crowded = [0, 8, 16, 24, 32];
      await stage.launch();
      await stage.until(() => stage.emulator.gateway.identifies > 0, 15_000);
      for (const n of crowded) {
        await stage.pause(200);
        stage.by(guildIds[n]!, `forum-${n}`);
      }
      await stage.pause(3 * APART_MS);
      for (const n of crowded) {
        stage.by(guildIds[n]!, `blog-${n}`);
        await stage.pause(500);
      }
    },
  },
  {
    name: 'restart',
    group: 'hard',
    about: 'the process is restarted; two people join while it is away',
    play: async (stage) => {
      const guildId = stage.town({ codes: ['blog', 'forum'] });
      await stage.start();
      stage.by(guildId, 'blog');
      await stage.pause(2 * APART_MS);
      await stage.stop();
      for (const code of ['blog', 'forum']) {
        stage.by(guildId, code);
        await stage.pause(500);
      }
      await stage.start();
      for (const code of ['forum', 'blog', 'forum']) {
        stage.by(guildId, code);
        await stage.pause(APART_MS);
      }
    },
  },
  {
    name: 'outage',
    group: 'hard',
    about: 'Discord loses a guild for three seconds; two people join meanwhile',
    play: async (stage) => {
      const guildId = stage.town({ codes: ['blog', 'forum'] });
      await stage.start();
      stage.by(guildId, 'blog');
      await stage.pause(APART_MS);
      stage.emulator.act({ kind: 'outage', guildId });
      for (const code of ['blog', 'blog']) {
        await stage.pause(1_000);
        stage.by(guildId, code);
      }
      await stage.pause(1_000);
      stage.emulator.act({ kind: 'restore', guildId });
      await stage.pause(2 * APART_MS);
      for (const code of ['forum', 'blog', 'forum']) {
        stage.by(guildId, code);
        await stage.pause(APART_MS);
      }
    },
  },
  {
    name: 'permission',
    group: 'hard',
    about: 'the permission to read counts is taken and given back; then the audit log with it',
    play: async (stage) => {
      const gift = { code: 'gift', maxUses: 1 };
      const guildId = stage.town({ codes: ['blog', 'forum'], invites: [gift] });
      await stage.start();
      stage.by(guildId, 'blog');
      await stage.pause(APART_MS);
      for (const taken of [['MANAGE_GUILD'], ['MANAGE_GUILD', 'VIEW_AUDIT_LOG']] as const) {
        const permissions = without(...taken);
        stage.emulator.act({ kind: 'setBotPermissions', guildId, permissions });
        await stage.pause(1_000);
        stage.by(guildId, 'blog');
        await stage.pause(APART_MS);
        const again = [...TRACKER_PERMISSIONS];
        stage.emulator.act({ kind: 'setBotPermissions', guildId, permissions: again });
        await stage.pause(APART_MS);
        stage.by(guildId, 'forum');
        await stage.pause(APART_MS);
      }
    },
  },
  {
    name: 'errors',
    group: 'hard',
    about: 'Discord answers 500 to every invite list for 1.5 s',
    play: async (stage) => {
      const gift = { code: 'gift', maxUses: 1 };
      const guildId = stage.town({ codes: ['blog', 'forum'], invites: [gift] });
      await stage.start();
      const route = 'GET /guilds/:guild/invites';
      const fault = stage.emulator.faults.set({ kind: 'restError', status: 500, route });
      stage.by(guildId, 'blog');
      await stage.pause(1_500);
      fault.clear();
      await stage.pause(2 * APART_MS);
      for (const code of ['forum', 'blog']) {
        stage.by(guildId, code);
        await stage.pause(APART_MS);
      }
    },
  },
];
