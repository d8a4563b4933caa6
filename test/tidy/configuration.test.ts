import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { INTENTS } from '../../packages/service/src/gateway/gateway.ts';
import { readConfig, SETTINGS, startService } from '../../packages/service/src/index.ts';
import { inviteText } from '../../packages/service/src/startup.ts';
import { fileAt, readTree } from './tree.ts';

const { text } = fileAt(readTree(), 'docs/configuration.md');

/** The cells of the rows that begin with the name of a variable, without their backquotes. */
const rows = text
  .split('\n')
  .filter((line) => /^\| `[A-Z_]+` \|/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| |\s*\|$/g, '')))
  .map((cells) => cells.map((cell) => /^`([^`]*)`$/.exec(cell)?.[1] ?? cell));

describe('docs/configuration.md', () => {
  test('lists every variable with its default, and no other', () => {
    const documented = rows.map(([name = '', byDefault]) => [name, byDefault]);
    const real = Object.entries(SETTINGS).map(([name, setting]) => [
      name,
      setting.default ?? 'none',
    ]);
    assert.deepEqual(documented, real);
  });

  for (const [name = '', , , wrong = '', said = ''] of rows) {
    test(`tells what is said of a wrong ${name}`, async () => {
      const token = name.startsWith('DISCORD_TOKEN') ? {} : { DISCORD_TOKEN: 'abc' };
      const env = { ...token, [name]: wrong };
      await assert.rejects(
        async () => await startService(readConfig({ LOG_LEVEL: 'silent', ...env })),
        ({ message }: Error) => message === said,
      );
    });
  }

  test('has the numbers of the invite link and of the intents', () => {
    const said = inviteText('1').replace(/,/g, '');
    for (const number of ['52400', '52401', '268487857', '52384']) {
      assert.match(said, new RegExp(`\\b${number}\\b`));
      assert.match(text, new RegExp(`^\\| ${number} \\|`, 'm'));
    }
    assert.match(text, new RegExp(`the number ${INTENTS}\\b`));
  });
});
