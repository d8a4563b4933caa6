import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { leaveComplaints, lineCountComplaints, logComplaints } from './log-lines.ts';
import type { Row } from './notation.ts';
import { playSockets } from './play-sockets.ts';
import { ROWS } from './rows.ts';
import {
  eventually,
  type Pair,
  prepare,
  type SocketGuild,
  type SocketRow,
  startPair,
} from './socket-stage.ts';
import { complaintsOf } from './verdict.ts';

/** They take an hour, or the ten minutes after which a failing request is given up. */
const TOO_LONG: readonly string[] = ['P14b', 'P44b', 'B07', 'B11'];
/** What they tell apart is a few milliseconds wide. */
const TOO_FINE: readonly string[] = ['P30b', 'P32b'];
/** A join within e of the first list may lie before it (A6). */
const AFTER_LIST_MS = 700;
/** Rows begin one after another: the bot may send 45 requests a second. */
const STAGGER_MS = 120;
/** Later than this an event says nothing of the bot (A2): the machine was too slow for it. */
const EVENT_DELAY_MS = 2_000;
const LOG_WAIT_MS = 12_000;

const PLAYED = ROWS.filter(({ id }) => !TOO_LONG.includes(id) && !TOO_FINE.includes(id));
const ALONE = PLAYED.filter(({ steps }) =>
  steps.some((step) => step.kind === 'gateway' && /^(LOST|STOP)$/.test(step.event)),
);
/** The slow ones first, so that all end at about the same time. */
const TOGETHER = PLAYED.filter((row) => !ALONE.includes(row)).sort(
  (a, b) => lengthOf(b) - lengthOf(a),
);

/** About how long a row takes: its own time, and a few seconds for each time of settling. */
function lengthOf(row: Row): number {
  const steps = row.steps.map((step) => {
    if (step.kind === 'pass') return step.ms;
    return step.kind === 'quiet' ? 4_000 : step.kind === 'idle' ? 1_000 : 0;
  });
  const uncounted = [...row.expect.values()].some((text) => text.includes('none'));
  return steps.reduce((sum, ms) => sum + ms, uncounted ? 4_000 : 0);
}

/** Connects, and waits until the list of every guild that may be read has been read. */
async function connect(pair: Pair, scenes: readonly SocketRow[]): Promise<void> {
  const { emulator } = pair;
  const known = scenes.flatMap((scene) => scene.guilds.filter(isReadable));
  await pair.startService();
  const isRead = ({ guildId }: SocketGuild): boolean =>
    emulator.requests.some((each) => each.guildId === guildId && each.repliedAtMs !== null);
  await emulator.waitFor(() => known.every(isRead));
  await emulator.settled({ idleMs: AFTER_LIST_MS });
}

function isReadable({ given }: SocketGuild): boolean {
  return given.start === 'known' && (given.perms === 'all' || given.perms === 'manage');
}

/** All that is wrong, and whether the machine was too slow for the row (A2). */
async function examine(
  pair: Pair,
  scene: SocketRow,
): Promise<{ readonly complaints: readonly string[]; readonly late: boolean }> {
  const { row } = scene;
  const { outcome, joins, leaves } = await playSockets(pair, scene);
  const answers = [...outcome.last.values()];
  const late = answers.some(({ seenAt, joinedAt }) => seenAt - joinedAt > EVENT_DELAY_MS);
  // The ledger keeps the latest answer only, and the events of a burst may straddle an answer.
  const calls = row.truth.size > 1 ? null : row.calls;
  const complaints = complaintsOf({ ...row, first: new Map(), calls }, outcome);
  if (complaints.length > 0) return { complaints, late };
  // Lines may still be edited to what was concluded last.
  const look = (): string[] => [
    ...logComplaints(pair.emulator, joins, outcome.last),
    ...leaveComplaints(pair.emulator, leaves, outcome.last),
    ...lineCountComplaints(pair.emulator, scene.guilds, joins),
  ];
  await eventually(() => (look().length === 0 ? true : null), LOG_WAIT_MS);
  return { complaints: look(), late };
}

async function playAlone(row: Row): Promise<readonly string[]> {
  await using pair = await startPair();
  const scene = prepare(pair.emulator, row);
  await connect(pair, [scene]);
  const { complaints } = await examine(pair, scene);
  return [...complaints, ...pair.emulator.errors.map((error) => JSON.stringify(error))];
}

describe('the service over sockets, row by row', { concurrency: true }, () => {
  describe('all in one bot', { concurrency: true }, () => {
    let pair: Pair;
    const scenes = new Map<Row, SocketRow>();

    before(async () => {
      pair = await startPair();
      for (const row of TOGETHER) scenes.set(row, prepare(pair.emulator, row));
      await connect(pair, [...scenes.values()]);
    });
    after(async () => {
      await pair[Symbol.asyncDispose]();
      assert.deepEqual(pair.emulator.errors, []);
    });

    TOGETHER.forEach((row, index) => {
      it(`${row.id}: ${row.title}`, async () => {
        await setTimeout(index * STAGGER_MS);
        const { complaints, late } = await examine(pair, scenes.get(row)!);
        // Somebody else had the processor for seconds: once more, with less to do.
        const last = late && complaints.length > 0 ? await playAlone(row) : complaints;
        assert.deepEqual(last, [], last.join('\n'));
      });
    });
  });

  for (const row of ALONE) {
    it(`${row.id}: ${row.title}`, async () => {
      const complaints = await playAlone(row);
      assert.deepEqual(complaints, [], complaints.join('\n'));
    });
  }
});
