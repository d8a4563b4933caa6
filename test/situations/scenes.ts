import type { Place } from './place.ts';

export type Scene = (place: Place) => Promise<void>;

const ADD = ['GUILD_MEMBER_ADD'] as const;

/** Joins before, while and after a list is read, by all codes and the vanity link. */
export const burst: Scene = async (place) => {
  const { codes, prng } = place;
  const some = (count: number): void => {
    for (let n = 0; n < count; n += 1) {
      if (prng.chance(0.2)) place.join({ kind: 'vanity' });
      else place.join(prng.pick(codes));
    }
  };
  for (let round = 0; round < 3; round += 1) {
    const asked = place.listAsked();
    some(2);
    await asked;
    some(2);
    await place.listAnswered();
    some(1);
  }
  await place.calm();
};

/** The use shows in the list before the event of its join comes. */
export const eventAfterAnswer: Scene = async (place) => {
  const asked = place.listAsked();
  place.join(place.codes[0]!);
  const slow = place.fault({ kind: 'delayEvents', events: ADD, delayMs: [1_000, 1_400], times: 1 });
  place.join(place.codes[1]!);
  await asked;
  await place.calm();
  slow.clear();
};

/** An invite is used up, its INVITE_DELETE after or before the join's event. */
export const limits: Scene = async (place) => {
  const code = await place.invite({ maxUses: 1 });
  place.join(code);
  await place.calm();
  const other = await place.invite({ maxUses: 2 });
  place.emulator.faults.set({
    kind: 'reorderEvents',
    first: 'GUILD_MEMBER_ADD',
    second: 'INVITE_DELETE',
    times: 1,
  });
  place.join(other);
  place.join(other);
  await place.calm();
};

/** Somebody revokes an invite that was used a moment ago. */
export const revoked: Scene = async (place) => {
  const code = await place.invite({ maxUses: 5 });
  place.join(code);
  place.emulator.act({ kind: 'deleteInvite', guildId: place.guildId, code });
  place.join(place.codes[0]!);
  await place.calm();
};

/** An invite is used, and then its time is over. */
export const expired: Scene = async (place) => {
  const code = await place.invite({ maxAgeS: 4 });
  place.join(code);
  await place.calm();
  // Long over by now: the emulator ends it with whatever happens next.
  place.join(place.codes[1]!);
  await place.calm();
};

/** The channel of an invite is deleted, and the invite with it. */
export const channelDeleted: Scene = async (place) => {
  const channelId = place.channelIds.doomed!;
  const code = await place.invite({ channelId });
  place.join(code);
  place.emulator.act({ kind: 'deleteChannel', guildId: place.guildId, channelId });
  place.join(place.codes[2]!);
  await place.calm();
};

/** An invite is gone, and nobody says why. */
export const vanished: Scene = async (place) => {
  const code = await place.invite({});
  place.join(code);
  place.emulator.act({ kind: 'vanishInvite', guildId: place.guildId, code });
  place.join(place.codes[0]!);
  await place.calm();
};

/** An invite is made and used before its INVITE_CREATE comes; another's never comes. */
export const lateOrNoCreate: Scene = async (place) => {
  const { emulator, guildId } = place;
  const events = ['INVITE_CREATE'] as const;
  const late = place.fault({ kind: 'delayEvents', events, delayMs: [900, 1_200], times: 1 });
  place.join(emulator.act({ kind: 'createInvite', guildId }).code);
  await place.calm();
  late.clear();
  const lost = place.fault({ kind: 'dropEvents', events: ['INVITE_CREATE', 'INVITE_DELETE'] });
  place.join(emulator.act({ kind: 'createInvite', guildId, maxUses: 1 }).code);
  place.join(emulator.act({ kind: 'createInvite', guildId, maxUses: 2 }).code);
  await place.calm();
  lost.clear();
};

/** Two joins in one millisecond; adds that come twice; somebody who leaves and returns. */
export const people: Scene = async (place) => {
  const { emulator, guildId, codes } = place;
  const joinedAtMs = Date.now();
  const first = place.join(codes[0]!, { joinedAtMs });
  place.join(codes[1]!, { joinedAtMs });
  await place.calm();
  emulator.act({ kind: 'repeatAdd', guildId, userId: first, joinedAtShiftMs: 400 });
  const twice = place.fault({ kind: 'repeatEvents', events: ADD, joinedAtShiftMs: -300, times: 1 });
  place.join(codes[2]!);
  await place.calm();
  twice.clear();
  const left = place.stage.seen(guildId);
  emulator.act({ kind: 'leave', guildId, userId: first });
  await place.stage.observed(guildId, ({ kind }) => kind === 'leave', left);
  emulator.act({ kind: 'join', guildId, userId: first, via: { kind: 'invite', code: codes[1]! } });
  await place.calm();
};

/** A bot, a member from Server Discovery, the vanity link, and everything at once. */
export const otherWays: Scene = async (place) => {
  place.join({ kind: 'bot' });
  place.join({ kind: 'vanity' });
  await place.calm();
  place.join({ kind: 'none' });
  await place.calm();
  place.join({ kind: 'none' });
  place.join(place.codes[0]!);
  await place.calm();
};
