/** The process of one tracker: `child.ts NAME SET-UP API-URL TOKEN`, with an IPC channel. */
import type { Report } from './answer.ts';
import type { SetUp } from './contestants.ts';
import type { Start } from './trackers/bot.ts';

type Run = (start: Start) => Promise<void>;

/** Loaded only by the process that needs it. */
const TRACKERS: Readonly<Record<string, () => Promise<Run>>> = {
  androz2091: async () => (await import('./trackers/androz2091.ts')).runAndroz2091,
  'discord-inviter': async () => (await import('./trackers/discord-inviter.ts')).runDiscordInviter,
  'discord-invite': async () => (await import('./trackers/discord-invite.ts')).runDiscordInvite,
  guide: async () => (await import('./trackers/guide.ts')).runGuide,
  wherefrom: async () => (await import('./trackers/wherefrom.ts')).runWherefrom,
};

const [name = '', setUp, apiUrl = '', token = ''] = process.argv.slice(2);
const load = TRACKERS[name];
if (load === undefined) throw new Error(`no tracker is called ${name}`);
// Whatever ends the bench ends this process too.
process.on('disconnect', () => process.exit());
const run = await load();
await run({
  setUp: setUp as SetUp,
  apiUrl,
  token,
  report: (report: Report) => void process.send?.(report),
});
