import type { LoggedRequest } from '@wherefrom/emulator';
import type { SetUp } from './contestants.ts';
import { Stage, type StageOptions } from './stage.ts';

const GUILDS = 300;
/** Every tenth guild has a vanity link. */
const VANITY_EVERY = 10;

/** What one start cost until it could answer: connected, and the last of its readings done. */
export interface StartCost {
  readonly requests: number;
  /** From its first request. */
  readonly seconds: number;
  /** Guilds whose invites it did not read. */
  readonly missing: number;
}

/** A bot in 300 guilds starts on an empty folder, and then again on what it kept, if anything. */
export interface StartOutcome {
  readonly contestant: string;
  readonly setUp: SetUp;
  readonly first: StartCost;
  readonly again: StartCost | null;
}

export async function measureStart(options: StageOptions): Promise<StartOutcome> {
  await using stage = await Stage.open(options);
  for (let n = 0; n < GUILDS; n += 1) {
    const vanity = n % VANITY_EVERY === 0 ? { vanity: `town-${n}` } : {};
    stage.town({ codes: [`blog-${n}`, `forum-${n}`], ...vanity });
  }
  const { contestant, setUp } = options;
  const first = await costOf(stage);
  await stage.stop();
  const again = contestant.keepsCounts ? await costOf(stage) : null;
  return { contestant: contestant.name, setUp, first, again };
}

const LIST = 'GET /guilds/:guild/invites';
const VANITY = 'GET /guilds/:guild/vanity-url';

async function costOf(stage: Stage): Promise<StartCost> {
  const from = stage.emulator.requests.length;
  await stage.start();
  const own = stage.emulator.requests.slice(from);
  const beganMs = own[0]?.arrivedAtMs ?? 0;
  const readings = own.filter(({ route }) => route === LIST || route === VANITY);
  const untilMs = Math.max(stage.readyAtMs ?? 0, ...readings.map(endOf));
  const listed = readings.filter(({ route, status }) => route === LIST && status === 200);
  return {
    requests: own.filter(({ arrivedAtMs }) => arrivedAtMs <= untilMs).length,
    seconds: (untilMs - beganMs) / 1_000,
    missing: GUILDS - new Set(listed.map(({ guildId }) => guildId)).size,
  };
}

function endOf({ arrivedAtMs, repliedAtMs }: LoggedRequest): number {
  return repliedAtMs ?? arrivedAtMs;
}
