import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { exportJournal } from '../../packages/service/src/journal/export-journal.ts';
import { replayCommand } from '../../packages/service/src/journal/replay-command.ts';
import { playEngine } from '../regression/play-engine.ts';
import { ROWS } from '../regression/rows.ts';
import { GUILD, recordedOf, replayed } from './recording.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'journal.md'), 'utf8');

it('docs/journal.md shows a replay as it is', () => {
  const [, shown = ''] = /```text\n([\s\S]*?)```/.exec(page) ?? [];
  const journal = playEngine(ROWS.find(({ id }) => id === 'P23b')!).journals[0]!;
  const { text } = exportJournal(recordedOf(journal), { guildId: GUILD, pseudonyms: false });
  const { out } = replayed(text);
  assert.ok(shown.length > 500);
  assert.ok(out.includes(`\n\n${shown}\n`), out);
});

it('docs/journal.md names every option of a replay, and no other', () => {
  const documented = [...page.matchAll(/^\| (`--.*?) \|/gm)].flatMap(([, cell = '']) => [
    ...cell.matchAll(/--[a-z]+/g),
  ]);
  const real = replayCommand().options.map(({ long }) => long);
  assert.deepEqual(
    documented.map(([name]) => name),
    real,
  );
});
