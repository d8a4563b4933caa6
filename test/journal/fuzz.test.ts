import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { exportJournal } from '../../packages/service/src/journal/export-journal.ts';
import { chance } from '../engine/properties-chance.ts';
import { wildJournal } from '../engine/properties-wild.ts';
import { answered } from './answered.ts';
import { GUILD, type ReplayOutcome, recordedOf, replayed } from './recording.ts';
import { sealed, spoiled, withNonsense } from './spoiling.ts';

const RUNS = Number(process.env.RUNS ?? 200);
const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const NUMBERS = fc.array(fc.nat({ max: 0xffff }), { maxLength: 600, size: 'max' });

/** A whole file, and the numbers for what is done to it. */
function holds(check: (lines: readonly string[], numbers: readonly number[]) => void): void {
  const property = fc.property(NUMBERS, NUMBERS, (tape, numbers) => {
    const journal = answered(wildJournal(tape), chance(tape.toReversed()));
    const restartAt = (numbers[0] ?? 0) % (journal.length + 1);
    const { text } = exportJournal(recordedOf(journal, { restartAt }), {
      guildId: GUILD,
      pseudonyms: false,
    });
    check(text.trimEnd().split('\n'), numbers.slice(1));
  });
  fc.assert(property, { seed: SEED, numRuns: RUNS, unbiased: true, endOnFailure: true });
}

/** One plain message, whatever was in the file; nothing that a terminal would obey. */
function isPlain({ out, complaints }: ReplayOutcome): void {
  assert.doesNotMatch(complaints, /unforeseen|\n\s+at |undefined|\[object/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
  assert.doesNotMatch(out + complaints, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
}

describe(`replaying a file that was spoiled (seed ${SEED}, ${RUNS} runs)`, () => {
  it('relies on nothing from the first change on, and says so', () => {
    holds((lines, numbers) => {
      const draw = chance(numbers);
      const changed = spoiled(lines, draw);
      const same = lines.findIndex((line, at) => line !== changed[at]);
      if (same === -1 && changed.length === lines.length) return;
      const outcome = replayed(changed.map((line) => `${line}\n`).join(''));
      isPlain(outcome);
      assert.equal(outcome.exit, 2, outcome.out);
      assert.match(outcome.complaints, /^wherefrom: .*\n( {2}.*\n){1,2} {2}Why it matters: /);
      const shown = [...outcome.out.matchAll(/ {2}line (\d+)$/gm)].map(([, line]) => Number(line));
      const first = same === -1 ? lines.length : same;
      assert.ok(
        shown.every((line) => line <= first),
        `line ${first + 1} was changed: ${outcome.out}`,
      );
    });
  });

  it('ends with a message, all of it shown or not, as text or for programs', () => {
    holds((lines, numbers) => {
      const draw = chance(numbers);
      let changed = lines;
      for (let left = 1 + draw.below(4); left > 0 && changed.length > 0; left -= 1) {
        changed = spoiled(changed, draw);
      }
      const options = { unproven: true, json: draw.maybe(40), answersOnly: draw.maybe(20) };
      const outcome = replayed(changed.join('\n'), options);
      isPlain(outcome);
      const whole = changed.join('\n') === lines.join('\n');
      assert.equal(outcome.exit === 2, !whole);
    });
  });

  it('lives through nonsense that its marks vouch for', () => {
    holds((lines, numbers) => {
      const draw = chance(numbers);
      const at = 1 + draw.below(lines.length - 2);
      const changed = sealed(lines.with(at, withNonsense(lines[at]!, draw)));
      const outcome = replayed(changed.join('\n'), { json: draw.maybe(30) });
      isPlain(outcome);
      assert.ok([0, 1, 2].includes(outcome.exit));
    });
  });
});
