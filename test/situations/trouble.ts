import type { Place } from './place.ts';
import { burst, type Scene } from './scenes.ts';
import type { Stage } from './stage.ts';

const LIST = '/invites';

/** Counts that come late, within H = 3 s. */
export const lag: Scene = async (place) => {
  const late = place.fault({ kind: 'lag', byMs: 1_500 });
  await burst(place);
  place.join(place.codes[1]!);
  await place.calm();
  late.clear();
};

/** Lists from a replica that is late now and then: counts that fall and come back, within H. */
export const flapping: Scene = async (place) => {
  const late = place.fault({ kind: 'lag', byMs: 1_200, chance: 0.6 });
  const stale = place.fault({ kind: 'staleList', byMs: 1_500, route: LIST, chance: 0.4 });
  await burst(place);
  place.join(place.codes[1]!);
  await place.calm();
  late.clear();
  stale.clear();
};

/** A list that never comes: the join waits for the timeout, and is told all the same. */
export const noAnswer: Scene = async (place) => {
  place.fault({ kind: 'hang', route: LIST, times: 1 });
  place.join(place.codes[0]!);
  await place.calm();
};

/** Everything that REST can do instead of answering. */
export const badAnswers: Scene = async (place) => {
  const wishes = [
    { kind: 'restError', status: 503, route: LIST, times: 2 },
    { kind: 'rateLimit', retryAfterMs: 900, route: LIST, times: 1 },
    { kind: 'reset', route: LIST, times: 1 },
    { kind: 'brokenJson', route: LIST, times: 1 },
    { kind: 'nullEntries', route: LIST, times: 1 },
  ] as const;
  for (const wish of wishes) {
    const fault = place.fault(wish);
    place.join(place.prng.pick(place.codes));
    await place.calm();
    fault.clear();
  }
};

/** Uses without a join: a counter that moves by itself (A4 does not hold here). */
export const strangers: Scene = async (place) => {
  const { emulator, guildId, codes } = place;
  emulator.act({ kind: 'count', guildId, code: codes[0]!, times: 2 });
  place.join(codes[1]!);
  await place.calm();
  place.join(codes[0]!);
  await place.calm();
};

/** The guild is in an outage, people join meanwhile, and it comes back. */
export const outage: Scene = async (place) => {
  const { emulator, guildId, codes, stage } = place;
  place.join(codes[0]!);
  await place.calm();
  emulator.act({ kind: 'outage', guildId });
  place.unseenJoin(codes[0]!);
  place.unseenJoin(codes[1]!);
  const back = stage.seen(guildId);
  emulator.act({ kind: 'restore', guildId });
  await stage.observed(guildId, ({ kind }) => kind === 'gap', back);
  await stage.observed(guildId, ({ kind }) => kind === 'invites', back);
  place.join(codes[1]!);
  await place.calm();
  await burst(place);
};

/** The connection breaks and is resumed: what came meanwhile is replayed. */
export async function resumed(stage: Stage, places: readonly Place[]): Promise<void> {
  const { emulator } = stage;
  const { resumes } = emulator.gateway;
  for (const place of places) place.join(place.codes[0]!);
  emulator.disconnect();
  for (const place of places) place.join(place.codes[1]!);
  await emulator.waitFor(() => emulator.gateway.resumes > resumes);
  for (const place of places) place.join(place.codes[2]!);
  await stage.calm();
}

/** The session is lost for good: what came meanwhile was not seen. */
export async function sessionLost(stage: Stage, places: readonly Place[]): Promise<void> {
  const { emulator } = stage;
  await emulator.settled();
  const { identifies } = emulator.gateway;
  const before = new Map(places.map(({ guildId }) => [guildId, stage.seen(guildId)]));
  emulator.disconnect({ resumable: false });
  for (const place of places) place.unseenJoin(place.codes[0]!);
  await emulator.waitFor(() => emulator.gateway.identifies > identifies);
  for (const { guildId } of places) {
    await stage.observed(guildId, ({ kind }) => kind === 'gap', before.get(guildId));
  }
  for (const place of places) place.join(place.codes[1]!);
  await stage.calm();
  for (const place of places) place.join(place.codes[2]!);
  await stage.calm();
}
