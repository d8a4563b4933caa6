import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  type Attribution,
  emptyState,
  type GuildId,
  type GuildStore,
  type InviteCode,
} from 'wherefrom';
import {
  attributionOf,
  CODE,
  GUILD,
  inviteRecord,
  joinStep,
  leaveStep,
  NOON,
  stepOf,
  userOf,
} from './examples.ts';

export interface StoreUnderTest {
  readonly store: GuildStore;
  /** The latest answers of a guild, in any order. */
  readonly answers: (guildId: GuildId) => Promise<readonly Attribution[]> | readonly Attribution[];
  readonly close: () => Promise<void> | void;
}

const OTHER = '900000000000000002' as GuildId;

/** What every `GuildStore` must do; run by the tests of each. */
export function guildStoreConformance(
  name: string,
  open: () => Promise<StoreUnderTest> | StoreUnderTest,
): void {
  describe(`${name}, as a GuildStore`, () => {
    let tested: StoreUnderTest;
    beforeEach(async () => {
      tested = await open();
    });
    afterEach(() => tested.close());
    stateConformance(() => tested);
    memberConformance(() => tested);
    recordConformance(() => tested);
  });
}

function stateConformance(tested: () => StoreUnderTest): void {
  it('knows nothing of a guild never seen', async () => {
    assert.equal(await tested().store.load(GUILD), null);
    assert.equal(await tested().store.member(GUILD, userOf(1)), null);
  });

  it('loads the state of the last step', async () => {
    const state = stateWith({ [CODE]: 3, other: 0 });
    await tested().store.commit(stepOf({ state, changedCodes: [CODE, 'other' as InviteCode] }));
    assert.deepEqual(await tested().store.load(GUILD), state);
  });

  it('changes a count and deletes an invite that is gone', async () => {
    const { store } = tested();
    const codes = [CODE, 'other' as InviteCode];
    await store.commit(stepOf({ state: stateWith({ [CODE]: 3, other: 0 }), changedCodes: codes }));
    const state = stateWith({ [CODE]: 4 });
    await store.commit(stepOf({ state, changedCodes: codes }));
    assert.deepEqual((await store.load(GUILD))?.invites, state.invites);
  });

  it('keeps an invite whose count was never told', async () => {
    const { store } = tested();
    const invites = new Map([[CODE, inviteRecord({ uses: null })]]);
    const state = { ...stateWith({}), invites };
    await store.commit(stepOf({ state, changedCodes: [CODE] }));
    assert.deepEqual((await store.load(GUILD))?.invites, invites);
  });

  it('keeps guilds apart', async () => {
    const { store } = tested();
    await store.commit(stepOf({ state: stateWith({ [CODE]: 3 }), changedCodes: [CODE] }));
    await store.commit(joinStep({}, OTHER));
    assert.equal((await store.load(GUILD))?.invites.size, 1);
    assert.equal((await store.load(OTHER))?.invites.size, 0);
    assert.equal(await store.member(GUILD, userOf(1)), null);
  });
}

function memberConformance(tested: () => StoreUnderTest): void {
  it('tells when a member joined, that they left, and that they are back', async () => {
    const { store } = tested();
    await store.commit(joinStep());
    assert.deepEqual(await store.member(GUILD, userOf(1)), { joinedAt: NOON, present: true });
    await store.commit(leaveStep(userOf(1), NOON + 5_000));
    assert.deepEqual(await store.member(GUILD, userOf(1)), { joinedAt: NOON, present: false });
    await store.commit(joinStep({ joinedAt: NOON + 9_000, seenAt: NOON + 9_100 }));
    assert.deepEqual(await store.member(GUILD, userOf(1)), {
      joinedAt: NOON + 9_000,
      present: true,
    });
  });

  it('cannot say when somebody joined who was only seen leaving', async () => {
    const { store } = tested();
    await store.commit(leaveStep(userOf(2), NOON));
    assert.equal(await store.member(GUILD, userOf(2)), null);
  });
}

function recordConformance(tested: () => StoreUnderTest): void {
  it('keeps the last record of a join, also where one step settles and corrects it', async () => {
    const settled = attributionOf({ settled: true, certainty: 'likely' });
    const reported = attributionOf({ settled: true, certainty: 'reported' });
    const step = stepOf({ records: [settled, reported] });
    await tested().store.commit(step);
    await tested().store.commit(step);
    assert.deepEqual(await tested().answers(GUILD), [reported]);
  });

  it('keeps one answer per join, the latest', async () => {
    const { store, answers } = tested();
    await store.commit(joinStep());
    const settled = attributionOf({ settled: true });
    await store.commit(stepOf({ at: NOON + 4_000, records: [settled] }));
    assert.deepEqual(await answers(GUILD), [settled]);
  });

  it('keeps two joins of one user apart', async () => {
    const { store, answers } = tested();
    await store.commit(joinStep());
    await store.commit(joinStep({ joinedAt: NOON + 60_000, seenAt: NOON + 60_100 }));
    assert.equal((await answers(GUILD)).length, 2);
  });

  it('gives back every kind of answer as it was', async () => {
    const { store, answers } = tested();
    const given = everyKind();
    await store.commit(stepOf({ records: given }));
    const found = [...(await answers(GUILD))].sort((a, b) => a.userId.localeCompare(b.userId));
    assert.deepEqual(found, given);
  });

  it('is the same after the same step twice', async () => {
    const { store, answers } = tested();
    const step = { ...joinStep(), state: stateWith({ [CODE]: 4 }), changedCodes: [CODE] };
    await store.commit(step);
    const once = [
      await store.load(GUILD),
      await store.member(GUILD, userOf(1)),
      await answers(GUILD),
    ];
    await store.commit(step);
    const twice = [
      await store.load(GUILD),
      await store.member(GUILD, userOf(1)),
      await answers(GUILD),
    ];
    assert.deepEqual(twice, once);
  });
}

/** One answer of each kind, ordered by user. */
function everyKind(): readonly Attribution[] {
  const origins: readonly Attribution['origin'][] = [
    { kind: 'invite', code: CODE, inviterId: null },
    { kind: 'vanity', code: 'home' as InviteCode },
    { kind: 'bot', adderId: userOf(50) },
    { kind: 'bot', adderId: null },
    { kind: 'application', code: CODE },
    { kind: 'application', code: null },
    { kind: 'no-invite' },
    { kind: 'discovery' },
    { kind: 'lobby' },
    { kind: 'other', type: 42 },
    { kind: 'unknown', reason: 'gap' },
    null,
  ];
  return origins.map((origin, index) =>
    attributionOf({
      origin,
      userId: userOf(index + 10),
      certainty: origin === null ? 'ambiguous' : 'likely',
      assumptions: ['no-lag'],
      group: { size: 3, sums: [{ origin: { kind: 'no-invite' }, uses: 1 }] },
    }),
  );
}

function stateWith(uses: Readonly<Record<string, number>>) {
  const invites = Object.entries(uses).map(
    ([code, count]) => [code as InviteCode, inviteRecord({ uses: count })] as const,
  );
  const { rest } = emptyState();
  return { invites: new Map(invites), rest: { ...rest, listedAt: NOON } };
}
