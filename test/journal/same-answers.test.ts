import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  attributionShape,
  type ChannelId,
  type InviteCode,
  type Names,
  type Observation,
  observationShape,
  type RoleId,
  type UserId,
} from '../../packages/core/src/index.ts';
import { exportJournal } from '../../packages/service/src/journal/export-journal.ts';
import { chance } from '../engine/properties-chance.ts';
import { wildJournal } from '../engine/properties-wild.ts';
import { truthfulJournal } from '../engine/random-journal.ts';
import { access, join, list, passed } from '../oracle/notation.ts';
import { playEngine } from '../regression/play-engine.ts';
import { ROWS } from '../regression/rows.ts';
import { answered } from './answered.ts';
import { GUILD, recordedOf, replayed } from './recording.ts';

const RUNS = Number(process.env.RUNS ?? 150);
const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const TAPES = fc.array(fc.nat({ max: 0xffff }), { maxLength: 600, size: 'max' });

type Tape = readonly number[];

/** Ids and codes that nothing else in a file looks like, and in another order than theirs. */
const DISGUISE: Names = {
  user: (id) => disguised<UserId>(id),
  channel: (id) => disguised<ChannelId>(id),
  role: (id) => disguised<RoleId>(id),
  code: (code) => disguised<InviteCode>(code),
  place: (id) => disguised<UserId>(id),
};

function disguised<Id>(id: string): Id {
  return `770770770770${[...id].map((letter) => 999 - letter.charCodeAt(0)).join('')}` as Id;
}

const KINDS: readonly (readonly [string, (tape: Tape) => readonly Observation[]])[] = [
  ['truthful', (tape) => truthfulJournal(tape).observations],
  ['wild', wildJournal],
];

function journalFrom(tape: Tape, make: (tape: Tape) => readonly Observation[]): Observation[] {
  const journal = answered(make(tape), chance(tape.toReversed()));
  // The engine itself must not mind the names: it is fed with those that are disguised.
  return journal.map((each) => observationShape.rename(each, DISGUISE));
}

/** Fails with the seed and the tape of the smallest journal that fast-check finds. */
function holds(check: (tape: Tape) => void): void {
  fc.assert(fc.property(TAPES, check), {
    seed: SEED,
    numRuns: RUNS,
    unbiased: true,
    endOnFailure: true,
  });
}

/** How a journal is recorded, read off its tape. */
function wayOf(tape: Tape, journal: readonly Observation[]) {
  const [size = 1, restart = 0] = tape;
  return { size: 1 + (size % 3), restartAt: restart % (journal.length + 1) };
}

describe(`replaying random journals (seed ${SEED}, ${RUNS} runs)`, () => {
  for (const [name, make] of KINDS) {
    it(`gives the recorded answers, whatever the steps and across a restart (${name})`, () => {
      holds((tape) => {
        const journal = journalFrom(tape, make);
        const recorded = recordedOf(journal, wayOf(tape, journal));
        const { text } = exportJournal(recorded, { guildId: GUILD, pseudonyms: false });
        const { exit, out, complaints } = replayed(text);
        assert.equal(exit, 0, `${complaints}${out}`);
        assert.deepEqual(replayed(text), { exit, out, complaints });
      });
    });

    it(`gives the same answers under other names, and no name is left (${name})`, () => {
      holds((tape) => {
        const journal = journalFrom(tape, make);
        const recorded = recordedOf(journal, wayOf(tape, journal));
        const { text } = exportJournal(recorded, { guildId: GUILD, pseudonyms: true });
        const { exit, out, complaints } = replayed(text);
        assert.equal(exit, 0, `${complaints}${out}`);
        assert.doesNotMatch(text, /770770770770|900000000000000001/);
      });
    });
  }

  it('gives the same answers where a sample of the certain joins was searched', () => {
    const joins = Array.from({ length: 300 }, (_, index) => [
      join(`u${index}`, 60 * index + 10 + index / 1_000),
      list(60 * index + 10.2, 60 * index + 10.4, { A: index + 1 }),
    ]);
    const journal = [access(0, true), list(0, 0.2, { A: 0 }), ...joins.flat(), passed(18_100)];
    const searched = answered(journal, chance([]), 'ambiguous');
    const reported = searched.filter(({ kind }) => kind === 'searched').length;
    assert.ok(reported > 1 && reported < 30, `${reported} searched`);
    const { text } = exportJournal(recordedOf(searched), { guildId: GUILD, pseudonyms: true });
    const { exit, out } = replayed(text);
    assert.equal(exit, 0, out);
    assert.match(out, new RegExp(`300 joins answered: ${reported} reported, `));
  });

  it('is not the same where an answer was recorded otherwise', () => {
    holds((tape) => {
      const recorded = recordedOf(journalFrom(tape, wildJournal));
      const changed = recorded.map((entry) => {
        if (entry.kind === 'start') return entry;
        const answers = entry.answers.map((answer) => {
          return attributionShape.read({ ...answer, settled: !answer.settled }, '');
        });
        return { ...entry, answers };
      });
      const answered = recorded.some((entry) => entry.kind === 'step' && entry.answers.length > 0);
      const { text } = exportJournal(changed, { guildId: GUILD, pseudonyms: false });
      const { exit, out } = replayed(text);
      assert.equal(exit, answered ? 1 : 0);
      if (answered) assert.match(out, /answered otherwise than recorded, the first at line \d+/);
    });
  });
});

describe('replaying the regression suite', () => {
  for (const row of ROWS) {
    it(`${row.id} gives the recorded answers, twice the same text, and under other names`, () => {
      for (const journal of playEngine(row).journals.filter(({ length }) => length > 0)) {
        const recorded = recordedOf(journal);
        for (const pseudonyms of [false, true]) {
          const { text } = exportJournal(recorded, { guildId: GUILD, pseudonyms });
          const first = replayed(text);
          assert.equal(first.exit, 0, first.out);
          assert.deepEqual(replayed(text), first);
          assert.equal(replayed(text, { json: true }).exit, 0);
        }
      }
    });
  }
});
