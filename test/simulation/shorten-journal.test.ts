import assert from 'node:assert/strict';
import { it } from 'node:test';
import { replayFile } from '../../packages/service/src/journal/replay-file.ts';
import { MIXES, worldSeed } from './campaign.ts';
import { journalFor } from './shorten-journal.ts';
import { Stage } from './stage.ts';

/** Plays a world and returns the key of its first join that ended like this. */
async function joinThatIs(certainty: string, seed: number): Promise<string> {
  const stage = new Stage(MIXES.inside!(seed));
  try {
    await stage.play();
    const told = [...stage.recorder.records.values()].flatMap(({ told }) => [...told]);
    const found = told.find(([, { last }]) => last.certainty === certainty);
    assert.ok(found !== undefined, `somebody is ${certainty}`);
    return found[0];
  } finally {
    stage.close();
  }
}

it('shortens the journal of a join to what its answer needs, and it can be replayed', async () => {
  const seed = worldSeed(20_261_126, 4);
  const key = await joinThatIs('likely', seed);
  const short = await journalFor(MIXES.inside!(seed), [`a finding of ${key}`], Infinity);
  assert.ok(short !== null);
  assert.ok(short.observations < short.of / 2, `${short.observations} of ${short.of} are left`);
  let text = '';
  const wanted = { user: key.split('@')[0]!, code: null, from: -Infinity, to: Infinity };
  const options = { wanted, answersOnly: true, json: true, unproven: false, coloured: false };
  const write = (part: string): void => {
    text += part;
  };
  assert.equal(replayFile(short.text, options, { write, complain: write }), 0);
  assert.match(text, /"certainty":"likely"/);
});

it('has no journal for a finding that names no join', async () => {
  assert.equal(await journalFor(MIXES.inside!(worldSeed(20_261_126, 4)), ['odd sums'], 0), null);
});
