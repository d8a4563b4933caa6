/**
 * Names are written by strangers, often to break the log they will appear in. What leaves here is
 * one line of plain text: no control or invisible character, no markup, no mention, no link.
 */

/** Longest name shown, in code points; Discord's own limit is 32. */
const NAME_LENGTH = 32;

/** Controls, format characters (bidi overrides, zero-width, tags), lone surrogates, private use. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu;

/** Letters and marks that show nothing: fillers, joiners, the braille blank. */
const BLANKS = /[\u034F\u115F\u1160\u17B4\u17B5\u2800\u3164\uFFA0]/gu;

/** Marks piled on one letter reach into the lines above. */
const PILES = /(\p{M}{2})\p{M}+/gu;

const PUNCTUATION = /[!-/:-?[-`{-~]/g;

/** Characters of scripts written from right to left. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFF\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

const ISOLATE = '\u2068';
const END_OF_ISOLATE = '\u2069';

/** A user's name, safe inside a line of a message. Never empty; at most about 70 characters. */
export function escapeName(name: string): string {
  const seen = cut(visible(name), NAME_LENGTH);
  if (seen === '') return '(no visible name)';
  const escaped = escapeMarkup(seen);
  // Without the isolate, a number after an Arabic name would be drawn in front of it.
  return RIGHT_TO_LEFT.test(seen) ? `${ISOLATE}${escaped}${END_OF_ISOLATE}` : escaped;
}

/** An invite code as inline code. Codes are letters, digits and dashes; anything else is dropped. */
export function escapeCode(code: string): string {
  return `\`${cut(code.replace(/[^\p{L}\p{N}_-]/gu, ''), 25)}\``;
}

function visible(text: string): string {
  return text
    .replace(/[^\S\uFEFF]+/gu, ' ')
    .replace(UNSEEN, '')
    .replace(BLANKS, '')
    .replace(PILES, '$1')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/**
 * Discord takes a backslash before punctuation for the character itself. `@` gets no backslash but
 * its full-width twin: `\@everyone` still holds the text that notifies.
 */
function escapeMarkup(text: string): string {
  return text.replaceAll('@', '＠').replace(PUNCTUATION, '\\$&');
}

function cut(text: string, length: number): string {
  const points = [...text];
  return points.length <= length
    ? text
    : `${points
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`;
}
