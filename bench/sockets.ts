import { type Emulator, startEmulator } from '@wherefrom/emulator';
import { createLog, readConfig, type Service, startService } from '@wherefrom/service';
import { type Figure, median } from './report.ts';

type Guild = ReturnType<typeof makeGuild>;

function makeGuild(emulator: Emulator, name: string, codes: readonly string[]) {
  return emulator.act({
    kind: 'createGuild',
    name,
    invites: codes.map((code) => ({ code, uses: 3 })),
  });
}

async function serve(emulator: Emulator): Promise<Service> {
  const config = readConfig({
    DISCORD_TOKEN: emulator.token,
    DISCORD_API_URL: emulator.apiUrl,
    DATABASE_URL: 'sqlite::memory:',
    LOG_LEVEL: 'error',
  });
  const service = await startService(config, {
    log: createLog(config, () => emulator.token, { write: () => {} }),
  });
  await service.ready;
  return service;
}

async function listsRead(emulator: Emulator, guilds: number): Promise<void> {
  const lists = (): number =>
    emulator.requests.filter(({ route, status }) => isList(route) && status === 200).length;
  await emulator.waitFor(() => lists() >= guilds, { timeoutMs: 30_000 });
  await emulator.settled();
}

const isList = (route: string): boolean => route === 'GET /guilds/:guild/invites';
const isVanity = (route: string): boolean => route === 'GET /guilds/:guild/vanity-url';
const isPost = (route: string): boolean => route === 'POST /channels/:channel/messages';

function join(emulator: Emulator, guild: Guild, code: string | null): string {
  const via = code === null ? ({ kind: 'none' } as const) : ({ kind: 'invite', code } as const);
  return emulator.act({ kind: 'join', guildId: guild.guildId, via }).userId;
}

function linesOf(emulator: Emulator, guild: Guild): string[] {
  const channelId = guild.channelIds['join-logs'] ?? '';
  return emulator.messages(channelId).flatMap(({ body }) => body.content.split('\n'));
}

/** From the event to the request that sends the line, over the one list that it needs. */
export async function loneJoins(): Promise<Figure[]> {
  await using emulator = await startEmulator({ deterministic: true });
  const guilds = Array.from({ length: 40 }, (_, n) =>
    makeGuild(emulator, `Town ${n}`, [`lone${n}`]),
  );
  await using _service = await serve(emulator);
  await listsRead(emulator, guilds.length);
  const before = emulator.requests.length;
  const overheads: number[] = [];
  for (const [n, guild] of guilds.entries()) {
    const from = emulator.requests.length;
    const beganAt = Date.now();
    join(emulator, guild, `lone${n}`);
    await emulator.waitFor(() => linesOf(emulator, guild).length > 0);
    const own = emulator.requests.slice(from);
    const list = own.find(({ route }) => isList(route));
    const post = own.find(({ route }) => isPost(route));
    if (!list || !post || list.repliedAtMs === null) throw new Error('a lone join left no trace');
    overheads.push(post.arrivedAtMs - beganAt - (list.repliedAtMs - list.arrivedAtMs));
  }
  const calls = emulator.requests
    .slice(before)
    .filter(({ route }) => isList(route) || isVanity(route));
  return [
    {
      name: 'a lone join: event to log line, beyond its REST round trip (median)',
      value: median(overheads),
      unit: 'ms',
      atMost: 10,
      detail: `slowest of ${overheads.length}: ${Math.max(...overheads)} ms`,
    },
    {
      name: 'REST calls for a lone join, beside its line',
      value: calls.length / guilds.length,
      unit: 'calls',
      atMost: 1,
      detail: `${guilds.length} joins`,
    },
  ];
}

/** Sixty joins in two and a half seconds in one guild. */
export async function burst(): Promise<Figure[]> {
  await using emulator = await startEmulator({ seed: 60 });
  const codes = ['one', 'two', 'three'];
  const guild = makeGuild(emulator, 'Town', codes);
  await using _service = await serve(emulator);
  await listsRead(emulator, 1);
  const from = emulator.requests.length;
  const users: string[] = [];
  for (let n = 0; n < 60; n += 1) {
    users.push(join(emulator, guild, codes[n % 3]!));
    await new Promise((resolve) => setTimeout(resolve, 2_500 / 60));
  }
  const lastJoinAt = Date.now();
  const logged = (): boolean => {
    const lines = linesOf(emulator, guild).join('\n');
    return users.every((userId) => lines.includes(`<@${userId}>`));
  };
  await emulator.waitFor(logged, { timeoutMs: 30_000 });
  const tookMs = Date.now() - lastJoinAt;
  const own = emulator.requests.slice(from);
  return [
    {
      name: 'REST calls for 60 joins in 2.5 s, beside the digests',
      value: own.filter(({ route }) => isList(route) || isVanity(route)).length,
      unit: 'calls',
      atMost: 7,
      detail: `${own.filter(({ route }) => isPost(route)).length} messages`,
    },
    {
      name: 'the same: last line in the log after the last join',
      value: tookMs / 1000,
      unit: 's',
      atMost: 6,
      detail: '',
    },
  ];
}

/** A join that no counter explains, in a guild with a vanity link. */
export async function unexplained(): Promise<Figure[]> {
  await using emulator = await startEmulator({ deterministic: true });
  const guild = emulator.act({
    kind: 'createGuild',
    name: 'Town',
    vanity: { code: 'town', uses: 5 },
    invites: [{ code: 'abc' }],
  });
  await using service = await serve(emulator);
  await listsRead(emulator, 1);
  await emulator.waitFor(() => emulator.requests.some(({ route }) => isVanity(route)));
  const from = emulator.requests.length;
  join(emulator, guild, null);
  const lists = (): number =>
    emulator.requests.slice(from).filter(({ route }) => isList(route)).length;
  await emulator.waitFor(() => lists() >= 3, { timeoutMs: 15_000 });
  // Settled three seconds after the last answer: nothing more may be asked by then.
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  await service.tracker.drain();
  const own = emulator.requests.slice(from);
  return [
    figure('invite lists for a join that no counter explains', lists(), 3),
    figure('vanity readings for it', own.filter(({ route }) => isVanity(route)).length, 2),
  ];
}

function figure(name: string, value: number, atMost: number): Figure {
  return { name, value, unit: 'calls', atMost, detail: '' };
}

/** 2,500 guilds of 50 channels announced, with 500 joins between them. */
export async function manyGuilds(): Promise<Figure[]> {
  await using emulator = await startEmulator({ seed: 2500 });
  const channels = ['join-logs', ...Array.from({ length: 49 }, (_, n) => `channel-${n}`)];
  const guilds = Array.from({ length: 2_500 }, (_, n) =>
    emulator.act({
      kind: 'createGuild',
      name: `Town ${n}`,
      channels,
      invites: [{ code: `many${n}`, uses: 1 }],
    }),
  );
  const beganAt = performance.now();
  const serving = serve(emulator);
  // What happens before a session identifies is not sent to it: Discord would not either.
  await emulator.waitFor(() => emulator.gateway.identifies > 0, { timeoutMs: 30_000 });
  const joined: { guildId: string; userId: string; channelId: string }[] = [];
  for (let n = 0; n < 500; n += 1) {
    const guild = guilds[(n * 5) % guilds.length]!;
    const userId = join(emulator, guild, `many${(n * 5) % guilds.length}`);
    joined.push({ guildId: guild.guildId, userId, channelId: guild.channelIds['join-logs'] ?? '' });
    if (n % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const service = await serving;
  const announcedMs = performance.now() - beganAt;
  const answered = (): number =>
    joined.filter(({ userId, channelId }) =>
      emulator.messages(channelId).some(({ body }) => body.content.includes(`<@${userId}>`)),
    ).length;
  await emulator
    .waitFor(() => answered() === joined.length, { timeoutMs: 240_000 })
    .catch(() => undefined);
  const tookS = (performance.now() - beganAt) / 1000;
  const missing = joined.length - answered();
  await service.stop();
  return [
    {
      name: 'joins not seen or not answered, 500 between 2,500 guilds of 50 channels announced',
      value: missing,
      unit: 'joins',
      atMost: 0,
      detail: `ready after ${(announcedMs / 1000).toFixed(1)} s, the last line after ${tookS.toFixed(0)} s`,
    },
  ];
}
