import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as settled } from 'node:timers/promises';
import { CLOCK_ERROR_MS, EVENT_DELAY_MS } from '../engine/constants.ts';
import type { GuildId, UserId } from '../engine/ids.ts';
import type { MemberPage, PageWanted } from './ports.ts';
import { firstWords, scripted, user } from './scripted-ports.ts';
import { createTracker } from './tracker.ts';

const AWAY_MS = 60_000;

/** Guilds that are watched, and a member list that answers as it is told. */
async function watching(size: number, { withPort = true } = {}) {
  const stage = scripted(settled);
  const { clock } = stage;
  const ids = Array.from({ length: size }, (_, n) => String(10_000 + n) as GuildId);
  const pages: { readonly guildId: GuildId; readonly after: UserId | null; readonly at: number }[] =
    [];
  const control = { answer: (_: UserId | null): MemberPage => pageOf([]) };
  const pageOf = (
    members: Extract<MemberPage, { readonly kind: 'answered' }>['members'],
    next: UserId | null = null,
  ): MemberPage => {
    return { kind: 'answered', requestedAt: clock.now(), answeredAt: clock.now(), members, next };
  };
  const members = {
    page: async (guildId: GuildId, { after }: PageWanted) => {
      pages.push({ guildId, after, at: clock.now() });
      return control.answer(after);
    },
  };
  const ports = withPort ? { ...stage.ports, members } : stage.ports;
  const tracker = createTracker(ports, { memberPagesPerSecond: 4 });
  for (const guildId of ids) {
    stage.use('a', guildId);
    for (const word of firstWords(clock.now())) tracker.observe(guildId, word);
  }
  await clock.pass(60_000);
  stage.steps.length = 0;
  /** A gap in every guild, in which somebody came or went. */
  const away = async (): Promise<{ readonly from: number; readonly to: number }> => {
    const from = clock.now();
    await clock.pass(AWAY_MS);
    const to = clock.now();
    for (const guildId of ids) {
      const gap = { kind: 'gap', at: to, from, to, cause: 'session-lost', turnover: true } as const;
      tracker.observe(guildId, gap);
    }
    return { from, to };
  };
  return { ...stage, tracker, ids, pages, pageOf, control, away };
}

const listed = (n: number, joinedAt: number) => {
  return { userId: user(n), joinedAt, bot: false, roleIds: [] };
};

describe('pages of member lists', () => {
  test('are read four a second, of all guilds together', async () => {
    const { clock, pages, away } = await watching(20);
    const { to } = await away();
    await clock.pass(10_000);
    assert.equal(pages.length, 20);
    for (let n = 0; n < pages.length; n += 1) assert.equal(pages[n]!.at, to + n * 250);
  });

  test('follow one another, each after the last user of the one before', async () => {
    const { clock, pages, pageOf, control, away } = await watching(1);
    control.answer = (after) => pageOf([], after === null ? user(5) : null);
    await away();
    await clock.pass(10_000);
    assert.deepEqual(
      pages.map(({ after }) => after),
      [null, user(5)],
    );
  });

  test('bring only those who joined in the gap, give or take what an event may be late', async () => {
    const { clock, ids, pageOf, control, away, steps, memory } = await watching(1);
    const until = clock.now() + AWAY_MS;
    const since = clock.now() - EVENT_DELAY_MS - CLOCK_ERROR_MS;
    const joined = [since - 1, since, until + CLOCK_ERROR_MS, until + CLOCK_ERROR_MS + 1];
    control.answer = () => pageOf(joined.map((at, n) => listed(n, at)));
    await away();
    await clock.pass(60_000);
    const read = steps.flatMap(({ observations }) =>
      observations.flatMap((seen) => (seen.kind === 'members' ? seen.members : [])),
    );
    assert.deepEqual(
      read.map(({ userId }) => userId),
      [user(1), user(2)],
    );
    const answers = memory.answers(ids[0]!);
    assert.deepEqual(
      answers.map(({ userId, whileAway }) => [userId, whileAway]),
      [
        [user(1), true],
        [user(2), true],
      ],
    );
  });

  test('that cannot be read because there is no list end the search for joins', async () => {
    const { clock, ids, away, steps, tracker } = await watching(1, { withPort: false });
    await away();
    await clock.pass(60_000);
    const failures = steps.flatMap(({ observations }) =>
      observations.flatMap((seen) => (seen.kind === 'lookup-failed' ? [seen] : [])),
    );
    assert.deepEqual(
      failures.map(({ what, failure }) => [what, failure]),
      [['members', 'refused']],
    );
    assert.equal(steps.at(-1)?.state.rest.sweep, null);
    assert.equal(tracker.health().notes.swept, 1);
    assert.equal(ids.length, 1);
  });

  test('that wait for their slot are withdrawn by a stop', async () => {
    const { clock, pages, away, tracker } = await watching(20);
    await away();
    await clock.pass(1_000);
    const read = pages.length;
    assert.ok(read < 10, `${read} pages`);
    await tracker.stop();
    await clock.pass(60_000);
    assert.equal(pages.length, read);
    assert.equal(tracker.health().openRequests, 0);
    assert.equal(clock.waiting, 0);
  });

  test('share their slots with whoever else reads pages', async () => {
    const { clock, pages, away, tracker } = await watching(4);
    const at = clock.now() + AWAY_MS;
    await away();
    await clock.pass(0);
    assert.deepEqual([tracker.memberSlot(), tracker.memberSlot()], [at + 1_000, at + 1_250]);
    await clock.pass(10_000);
    assert.equal(pages.length, 4);
    assert.equal(tracker.memberSlot(), clock.now());
  });
});
