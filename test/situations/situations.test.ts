import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { createPrng, type SituationCounts } from '@wherefrom/emulator';
import { findings, type Promised, type Watched } from './findings.ts';
import { openPlace, type Place } from './place.ts';
import * as scenes from './scenes.ts';
import { openStage, type Stage } from './stage.ts';
import * as trouble from './trouble.ts';

const SEED = Number(process.env.SITUATIONS_SEED ?? 7);

/** What is played where; guilds are played side by side. */
const STORY: readonly {
  readonly name: string;
  readonly promise: Promised;
  readonly play: readonly scenes.Scene[];
}[] = [
  { name: 'plain', promise: 'all', play: [scenes.burst, scenes.people, scenes.eventAfterAnswer] },
  { name: 'ends', promise: 'all', play: [scenes.limits, scenes.revoked, scenes.expired] },
  { name: 'holes', promise: 'all', play: [scenes.channelDeleted, scenes.vanished] },
  { name: 'quiet', promise: 'all', play: [scenes.lateOrNoCreate, scenes.otherWays] },
  { name: 'lagging', promise: 'all', play: [trouble.lag, trouble.lag] },
  // Counts that fall and come back can hide a use for longer than the engine looks.
  { name: 'flapping', promise: 'certain', play: [trouble.flapping, trouble.flapping] },
  { name: 'broken', promise: 'all', play: [trouble.badAnswers] },
  { name: 'mute', promise: 'all', play: [trouble.noAnswer] },
  // Uses of those who joined in the gap can pass for those of the joins right after it.
  { name: 'dark', promise: 'certain', play: [trouble.outage] },
  { name: 'strange', promise: 'none', play: [trouble.strangers, scenes.burst] },
];

test('every hard situation arises, and no answer breaks its promise', {
  timeout: 200_000,
}, async (t) => {
  await using stage = await openStage(SEED);
  const prng = createPrng(SEED + 100);
  const places = STORY.map(({ name }) => openPlace(stage, prng, name));
  const watched = STORY.map(({ promise }, n): Watched => ({ promise, place: places[n]! }));
  await stage.start();
  for (const { guildId } of places) {
    await stage.observed(guildId, ({ kind }) => kind === 'invites', 0);
  }
  await Promise.all(STORY.map(({ play }, n) => playAll(play, places[n]!))).catch((error) => {
    keepJournals(stage);
    throw error;
  });
  await trouble.resumed(stage, places);
  await trouble.sessionLost(stage, places);
  await stage.service.joinLog.drain(15_000);
  await stage.emulator.settled();
  const counts = stage.emulator.situations();
  await stage.service.stop();
  tell(t, stage, counts);
  assert.deepEqual(neverArose(counts), []);
  const found = findings(stage, watched);
  if (found.length > 0) keepJournals(stage);
  assert.deepEqual(found, []);
});

async function playAll(play: readonly scenes.Scene[], place: Place): Promise<void> {
  for (const scene of play) await scene(place);
}

function neverArose({ ended, search: _, ...counts }: SituationCounts): string[] {
  const ends = Object.entries(ended).map(([name, count]) => [`ended ${name}`, count] as const);
  return [...Object.entries(counts), ...ends]
    .filter(([, count]) => count <= 0)
    .map(([name]) => name);
}

function tell(t: { diagnostic(text: string): void }, stage: Stage, counts: SituationCounts): void {
  const certainties: Record<string, number> = {};
  for (const { certainty } of stage.answers.values()) {
    certainties[certainty] = (certainties[certainty] ?? 0) + 1;
  }
  t.diagnostic(`seed ${SEED}: ${JSON.stringify(counts)}`);
  t.diagnostic(`${stage.answers.size} joins: ${JSON.stringify(certainties)}`);
  t.diagnostic(`${stage.unseen.size} joins in gaps, of which nobody told us`);
}

/** The evidence of a failure: what the engine was given, guild by guild. */
function keepJournals(stage: Stage): void {
  const file = `${process.env.SITUATIONS_OUT ?? '/tmp'}/situations-${SEED}.json`;
  const answers = [...stage.answers];
  writeFileSync(file, JSON.stringify({ journals: [...stage.journals], answers }, null, 1));
  process.stderr.write(`the journals are in ${file}\n`);
}
