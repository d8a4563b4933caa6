import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { escapeCode, escapeName } from './escape.ts';

describe('escapeName', () => {
  const table: readonly [name: string, shown: string][] = [
    ['Ada', 'Ada'],
    ['Ada Lovelace', 'Ada Lovelace'],
    [
      '**bold** _it_ ~~no~~ `code` ||spoiler||',
      '\\*\\*bold\\*\\* \\_it\\_ \\~\\~no\\~\\~ \\`code\\` \\|\\|s…',
    ],
    ['@everyone', '＠everyone'],
    ['<@123456789012345678>', '\\<＠123456789012345678\\>'],
    ['<#12> <@&34> <t:0>', '\\<\\#12\\> \\<＠\\&34\\> \\<t\\:0\\>'],
    ['https://evil.example', 'https\\:\\/\\/evil\\.example'],
    ['discord.gg/abc', 'discord\\.gg\\/abc'],
    ['[click](https://e.x)', '\\[click\\]\\(https\\:\\/\\/e\\.x\\)'],
    ['back\\slash', 'back\\\\slash'],
    ['two\nlines\r\n# heading', 'two lines \\# heading'],
    ['a\u202Egnp.exe', 'agnp\\.exe'],
    ['z\u200Be\u200Dr\uFEFFo', 'zero'],
    ['\u3164\u2800', '(no visible name)'],
    ['', '(no visible name)'],
    ['z\u0300\u0301\u0302\u0303\u0304', 'z\u0300\u0301'],
    ['أحمد', '\u2068أحمد\u2069'],
    ['👩‍🚀 Astro', '👩🚀 Astro'],
    ['x'.repeat(40), `${'x'.repeat(31)}…`],
  ];
  for (const [name, shown] of table) {
    it(`shows ${JSON.stringify(name)} as ${JSON.stringify(shown)}`, () => {
      assert.equal(escapeName(name), shown);
    });
  }

  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom(
        ...'@everyone<>#&!:/\\`*_~|[]().-t10 \n\r\u2028',
        ...'\u202A\u202E\u2066\u2067\u2068\u2069\u200B\u200F\u061C\uFEFF\u0301',
        'א',
        '\uD83D',
        'https://',
        '@here',
      ),
    }),
  );

  it('never lets a name make a mention, a link, markup, a line break or open bidi', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const shown = escapeName(name);
        if (shown === '(no visible name)') return;
        assert.ok(shown.length > 0 && shown.length <= 140);
        assert.doesNotMatch(shown, /@|<[@#:/]|<t:|<a:|:\/\/|\]\(|discord\.gg/);
        assert.doesNotMatch(shown, /[\p{Cc}\u2028\u2029\u200B-\u200F\u202A-\u202E\u2066\u2067]/u);
        assert.ok(shown.isWellFormed());
        // Take away what is escaped: no punctuation of markup may be left.
        assert.doesNotMatch(shown.replaceAll(/\\[!-/:-@[-`{-~]/g, ''), /[\\`*_~|<>[\]():/#]/);
        assert.equal(shown.split('\u2068').length, shown.split('\u2069').length);
        assert.doesNotMatch(shown.replace(/^\u2068/, '').replace(/\u2069$/, ''), /[\u2068\u2069]/);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('escapeCode', () => {
  it('shows a code as inline code that it cannot leave', () => {
    assert.equal(escapeCode('abc-DEF_1'), '`abc-DEF_1`');
    assert.equal(escapeCode('a`b @everyone\n<@1>'), '`abeveryone1`');
  });
});
