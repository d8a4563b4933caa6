import { createPrng, type Emulator, startEmulator } from '@wherefrom/emulator';
import { createLog, readConfig, startService } from '@wherefrom/service';
import type { Attribution, GuildStep } from 'wherefrom';
import type { Figure } from './report.ts';

const JOINS = 1_000;
const RAID_MS = 20_000;
const LOOK_MS = 100;
const PATIENCE_MS = 600_000;
const SEARCH = 'POST /guilds/:guild/members-search';

/** What became of the raid, as its steps were stored. */
class Raid {
  readonly answers = new Map<string, Attribution>();
  /** Members whose record is still to be asked for. */
  open = 0;
  upgradedAt = 0;

  committed({ state, records }: GuildStep): void {
    this.open = state.rest.search.targets.length + (state.rest.search.open ? 1 : 0);
    for (const answer of records) {
      if (answer.certainty === 'reported') this.upgradedAt = Date.now();
      this.answers.set(answer.userId, answer);
    }
  }

  /** Everybody has a settled answer, and nobody's record is asked for any more. */
  isOver(): boolean {
    if (this.answers.size < JOINS || this.open > 0) return false;
    return [...this.answers.values()].every(({ settled }) => settled);
  }

  share(...certainties: readonly Attribution['certainty'][]): number {
    const fitting = [...this.answers.values()].filter((answer) =>
      certainties.includes(answer.certainty),
    );
    return (100 * fitting.length) / this.answers.size;
  }
}

/** A thousand joins over five invites in 20 s, with the index as late as the emulator makes it. */
export async function raidSearched(): Promise<Figure[]> {
  await using emulator = await startEmulator({ seed: 1000 });
  const codes = ['one', 'two', 'three', 'four', 'five'];
  const invites = codes.map((code) => ({ code }));
  const { guildId, channelIds } = emulator.act({ kind: 'createGuild', name: 'Town', invites });
  const raid = new Raid();
  await using _service = await serve(emulator, raid);
  await listRead(emulator);
  const before = searches(emulator);
  const prng = createPrng(7);
  const beganAt = Date.now();
  for (let n = 0; n < JOINS; n += 1) {
    emulator.act({ kind: 'join', guildId, via: { kind: 'invite', code: prng.pick(codes) } });
    await passed(beganAt + ((n + 1) * RAID_MS) / JOINS - Date.now());
  }
  const lastJoinAt = Date.now();
  await until(() => raid.isOver());
  const calls = searches(emulator) - before;
  const lastMessageMs = await lastEdit(emulator, channelIds['join-logs'] ?? '');
  const wrong = emulator.truth().filter((truth) => {
    const origin = raid.answers.get(truth.userId)?.origin;
    const code = origin?.kind === 'invite' ? origin.code : null;
    return origin !== null && (truth.origin.kind !== 'invite' || truth.origin.code !== code);
  });
  return [
    {
      name: `a raid of ${JOINS} joins over 5 invites in 20 s, MEMBER_SEARCH=ambiguous: neither certain nor reported once settled`,
      value: 100 - raid.share('certain', 'reported'),
      unit: '%',
      atMost: 1,
      detail: `${raid.share('certain').toFixed(1)} % certain, ${raid.share('reported').toFixed(1)} % reported, ${wrong.length} wrong; the index is 2 to 20 s late`,
    },
    {
      name: 'the same: REST calls spent on search',
      value: calls,
      unit: 'calls',
      atMost: null,
      detail: 'ten members a call; the emulator allows 5 in 5 s',
    },
    {
      name: 'the same: last answer from the record after the last join',
      value: (raid.upgradedAt - lastJoinAt) / 1000,
      unit: 's',
      atMost: null,
      detail: `last edit in the log after ${((lastMessageMs - lastJoinAt) / 1000).toFixed(0)} s`,
    },
  ];
}

async function serve(emulator: Emulator, raid: Raid) {
  const config = readConfig({
    DISCORD_TOKEN: emulator.token,
    DISCORD_API_URL: emulator.apiUrl,
    DATABASE_URL: 'sqlite::memory:',
    LOG_LEVEL: 'error',
    MEMBER_SEARCH: 'ambiguous',
  });
  const service = await startService(config, {
    log: createLog(config, () => emulator.token, { write: () => {} }),
    committed: (step) => raid.committed(step),
  });
  await service.ready;
  return service;
}

async function listRead(emulator: Emulator): Promise<void> {
  const isList = ({ route, status }: Emulator['requests'][number]): boolean =>
    route === 'GET /guilds/:guild/invites' && status === 200;
  await emulator.waitFor(() => emulator.requests.some(isList), { timeoutMs: 30_000 });
  await emulator.settled();
}

function searches(emulator: Emulator): number {
  return emulator.requests.filter(({ route }) => route === SEARCH).length;
}

/** When the log last changed, once it has been quiet. */
async function lastEdit(emulator: Emulator, channelId: string): Promise<number> {
  await emulator.settled({ idleMs: 10_000, timeoutMs: PATIENCE_MS });
  const messages = emulator.messages(channelId);
  return Math.max(...messages.map(({ createdAtMs, editedAtMs }) => editedAtMs ?? createdAtMs));
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('the raid was not over in time');
    await passed(LOOK_MS);
  }
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
