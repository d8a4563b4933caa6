#!/usr/bin/env node
/**
 * Turns coloured terminal text on standard input into an SVG on standard output:
 * `FORCE_COLOR=1 npm run -s demo -- --once --seed 7 | node demo/picture.ts > docs/pictures/demo.svg`
 */
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';

const COLOURS: Readonly<Record<string, string>> = {
  '2': 'fill="#7d8590"',
  '1': 'font-weight="bold" fill="#f0f6fc"',
  '31': 'fill="#ff7b72"',
  '32': 'fill="#7ee787"',
  '33': 'fill="#e3b341"',
  '35': 'fill="#d2a8ff"',
  '36': 'fill="#79c0ff"',
};
const ESCAPE = String.fromCharCode(27);
const STYLE = new RegExp(`(${ESCAPE}\\[\\d+m)`);
const LINE_HEIGHT = 19;
const COLUMN = 8.05;
const [, , from = '1', to = '48'] = process.argv;

const lines = (await text(process.stdin)).split('\n').slice(Number(from) - 1, Number(to));
const columns = Math.max(...lines.map((line) => stripVTControlCharacters(line).length));
const width = Math.ceil(columns * COLUMN) + 40;
const height = lines.length * LINE_HEIGHT + 40;
const rows = lines.map((line, n) => row(line, 34 + n * LINE_HEIGHT));
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="The demo in a terminal">
<rect width="100%" height="100%" rx="10" fill="#0d1117"/>
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="13" fill="#c9d1d9" xml:space="preserve">
${rows.join('\n')}
</g>
</svg>
`);

function row(line: string, y: number): string {
  let column = 0;
  const spans = line.split(STYLE).reduce<{ style: string; out: string }>(
    ({ style, out }, part) => {
      const code = part.startsWith(ESCAPE) ? part.slice(2, -1) : undefined;
      if (code !== undefined) return { style: code === '0' ? '' : (COLOURS[code] ?? ''), out };
      if (part === '') return { style, out };
      const x = (20 + column * COLUMN).toFixed(1);
      column += part.length;
      return { style, out: `${out}<tspan x="${x}" ${style}>${escaped(part)}</tspan>` };
    },
    { style: '', out: '' },
  );
  return `<text y="${y}">${spans.out}</text>`;
}

function escaped(part: string): string {
  return part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
