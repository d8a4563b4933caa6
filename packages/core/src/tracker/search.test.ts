import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as settled } from 'node:timers/promises';
import type { Origin } from '../engine/attribution.ts';
import type { GuildId, InviteCode, UserId } from '../engine/ids.ts';
import type { Observation, SearchHit } from '../engine/observation.ts';
import type { SearchAnswer } from './ports.ts';
import { ANSWER_WITHIN_MS } from './requests.ts';
import { GUILD, invite, joined, scripted, user } from './scripted-ports.ts';
import { createTracker } from './tracker.ts';

const byInvite = (code: string): Origin => ({
  kind: 'invite',
  code: code as InviteCode,
  inviterId: null,
});

/** A guild whose start is over, and a search that answers as it is told. */
async function searching({ withPort = true } = {}) {
  const stage = scripted(settled);
  const { clock } = stage;
  const searches: { readonly guildId: GuildId; readonly users: readonly UserId[] }[] = [];
  const control = { answer: (): Promise<SearchAnswer> => found([]) };
  const found = async (hits: readonly SearchHit[]): Promise<SearchAnswer> => {
    return { kind: 'answered', requestedAt: clock.now(), answeredAt: clock.now(), hits };
  };
  const search = {
    search: (guildId: GuildId, users: readonly UserId[]) => {
      searches.push({ guildId, users });
      return control.answer();
    },
  };
  const tracker = createTracker({ ...stage.ports, ...(withPort ? { search } : {}) });
  const observe = (observation: Observation): void => tracker.observe(GUILD, observation);
  for (const code of ['a', 'b']) stage.use(code);
  const at = clock.now();
  observe({ kind: 'access', at, counts: true, auditLog: true, search: 'ambiguous' });
  observe({ kind: 'guild', at, vanityCode: null, manualApproval: false });
  observe({ kind: 'gap', at, from: 0, to: at, cause: 'first-start' });
  await clock.pass(60_000);
  /** Two joins in one instant, by one invite each: nobody can tell them apart. */
  const pair = (): number => {
    for (const code of ['a', 'b']) stage.use(code);
    for (const n of [1, 2]) observe(joined(user(n), clock.now()));
    return clock.now();
  };
  const answer = (n: number) => {
    return stage.memory.answers(GUILD).find(({ userId }) => userId === user(n));
  };
  return { ...stage, tracker, observe, searches, control, found, pair, answer };
}

const hit = (n: number, joinedAt: number, code: string): SearchHit => {
  return { userId: user(n), joinedAt, origin: byInvite(code) };
};

describe('member search through a tracker', () => {
  test('asks once for all that stayed open, and the records replace the answers', async () => {
    const { clock, searches, control, found, pair, answer } = await searching();
    const at = pair();
    control.answer = () => found([hit(1, at, 'b'), hit(2, at, 'a')]);
    await clock.pass(60_000);
    assert.deepEqual(searches, [{ guildId: GUILD, users: [user(1), user(2)] }]);
    assert.deepEqual([answer(1)?.certainty, answer(1)?.origin], ['reported', byInvite('b')]);
    assert.deepEqual([answer(2)?.certainty, answer(2)?.origin], ['reported', byInvite('a')]);
    const evidence = answer(1)?.evidence.find(({ kind }) => kind === 'reported');
    assert.ok(evidence?.kind === 'reported' && evidence.inferred.certainty === 'ambiguous');
  });

  test('the journal holds the answers that were known, those of the same batch too', async () => {
    const { clock, observe, pair, answer, steps } = await searching();
    steps.length = 0;
    const at = pair();
    const invites = [invite('a', 2), invite('b', 2)];
    observe({ kind: 'invites', at: at + 10, requestedAt: at + 1, invites, complete: true });
    const asked = [user(1), user(2)];
    const hits = [hit(1, at, 'b')];
    // Within one batch: nothing of this pair is stored yet, and the search was asked for.
    observe({ kind: 'time', at: at + 5_500 });
    observe({ kind: 'searched', at: at + 5_600, requestedAt: at + 5_500, asked, hits, known: [] });
    await clock.pass(100);
    const batch = steps.find(({ observations }) => observations.some(isSearched));
    const searched = batch?.observations.find(isSearched);
    assert.ok(searched?.kind === 'searched' && batch?.observations.some(isList));
    assert.deepEqual(
      searched.known.map(({ userId, certainty }) => [userId, certainty]),
      [[user(1), 'ambiguous']],
    );
    assert.equal(answer(1)?.certainty, 'reported');
  });

  const broken: readonly (readonly [string, () => Promise<SearchAnswer>])[] = [
    ['rejects', () => Promise.reject(new Error('broken'))],
    [
      'throws at once',
      () => {
        throw new Error('broken');
      },
    ],
    ['never answers', () => new Promise(() => {})],
    ['answers nonsense', async () => ({ kind: 'answered' }) as unknown as SearchAnswer],
  ];
  for (const [sentence, failing] of broken) {
    test(`a search that ${sentence} is asked again, and the guild goes on`, async () => {
      const { clock, searches, control, found, pair, answer, reports, observe, use } =
        await searching();
      const at = pair();
      control.answer = failing;
      await clock.pass(ANSWER_WITHIN_MS + 6_000);
      assert.deepEqual([...new Set(reports.map(({ kind }) => kind))], ['source-threw']);
      assert.equal(answer(1)?.certainty, 'ambiguous');
      const before = searches.length;
      control.answer = () => found([hit(1, at, 'b')]);
      await clock.pass(60_000);
      assert.ok(searches.length > before);
      assert.equal(answer(1)?.certainty, 'reported');
      use('a');
      observe(joined(user(9), clock.now()));
      await clock.pass(10_000);
      assert.equal(answer(9)?.certainty, 'certain');
    });
  }

  test('a refusal is the end of it until the access is told anew', async () => {
    const { clock, observe, searches, control, found, pair, answer, tracker } = await searching();
    control.answer = async () => ({ kind: 'failed', failure: 'refused', retryAfterMs: null });
    pair();
    await clock.pass(10 * 60_000);
    assert.equal(searches.length, 1);
    assert.equal(tracker.health().notes['search-refused'], 1);
    const at = clock.now();
    observe({ kind: 'access', at, counts: true, auditLog: true, search: 'ambiguous' });
    for (const n of [1, 2]) observe({ kind: 'leave', at, userId: user(n) });
    await clock.pass(1_000);
    const again = pair();
    control.answer = () => found([hit(1, again, 'a')]);
    await clock.pass(60_000);
    assert.equal(searches.length > 1, true);
    assert.equal(answer(2)?.certainty, 'ambiguous');
  });

  test('without the port nothing is asked, and nothing waits for it', async () => {
    const { clock, pair, answer, tracker } = await searching({ withPort: false });
    pair();
    await clock.pass(60_000);
    assert.equal(answer(1)?.settled, true);
    assert.deepEqual(tracker.health().openRequests, 0);
    assert.ok((tracker.health().notes['search-withdrawn'] ?? 0) > 0);
  });

  test('an answer that comes after a stop changes nothing', async () => {
    const { clock, control, found, pair, tracker, steps, searches } = await searching();
    const at = pair();
    let release = (_: SearchAnswer): void => {};
    control.answer = () => new Promise((resolve) => (release = resolve));
    await clock.pass(7_000);
    assert.equal(searches.length, 1);
    await tracker.stop();
    const before = steps.length;
    release(await found([hit(1, at, 'b')]));
    await clock.pass(60_000);
    assert.equal(steps.length, before);
    assert.equal(tracker.health().openRequests, 0);
    assert.equal(clock.waiting, 0);
  });
});

function isSearched({ kind }: Observation): boolean {
  return kind === 'searched';
}

function isList({ kind }: Observation): boolean {
  return kind === 'invites';
}
