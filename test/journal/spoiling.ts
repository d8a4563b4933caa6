import { Seal } from '../../packages/service/src/journal/seal.ts';
import type { Chance } from '../engine/properties-chance.ts';

const NONSENSE: readonly unknown[] = [
  0,
  null,
  -1,
  1e300,
  1.5,
  2 ** 53 - 1,
  8_640_000_000_000_000,
  '',
  'time',
  '__proto__',
  '\u001b[2J\u202e',
  [],
  {},
  true,
];

/** One change such as hands, mail and disks make to the lines of a file. */
export function spoiled(lines: readonly string[], draw: Chance): readonly string[] {
  const at = draw.below(lines.length);
  const line = lines[at]!;
  switch (draw.below(8)) {
    case 0:
      return lines.toSpliced(at, 1);
    case 1:
      return lines.toSpliced(at, 0, lines[draw.below(lines.length)]!);
    case 2:
      return lines.with(at, lines[draw.below(lines.length)]!);
    case 3:
      return lines.slice(0, at);
    case 4:
      return [...lines.slice(0, at), line.slice(0, draw.below(line.length))];
    case 5:
      return lines.with(at, withLetter(line, draw));
    default:
      return lines.with(at, withNonsense(line, draw));
  }
}

function withLetter(line: string, draw: Chance): string {
  const at = draw.below(line.length);
  const letter = draw.pick(['"', '0', '{', '}', ',', '\\', '\u0000', 'é', '']);
  return line.slice(0, at) + letter + line.slice(at + 1);
}

/** The line with one value anywhere in it turned into another, still JSON. */
export function withNonsense(line: string, draw: Chance): string {
  let content: unknown;
  try {
    content = JSON.parse(line) as unknown;
  } catch {
    return line;
  }
  return JSON.stringify(replaceIn(content, draw));
}

function replaceIn(value: unknown, draw: Chance): unknown {
  if (typeof value !== 'object' || value === null || draw.maybe(10)) return draw.pick(NONSENSE);
  if (Array.isArray(value)) {
    if (value.length === 0) return [draw.pick(NONSENSE)];
    const at = draw.below(value.length);
    return value.with(at, replaceIn(value[at], draw));
  }
  const fields = Object.keys(value);
  if (fields.length === 0) return { extra: draw.pick(NONSENSE) };
  const field = draw.pick(fields);
  return { ...value, [field]: replaceIn((value as Record<string, unknown>)[field], draw) };
}

/** The same lines with marks that hold, as a program that writes nonsense would leave them. */
export function sealed(lines: readonly string[]): readonly string[] {
  const seal = new Seal();
  return lines.map((line) => {
    const [, content] = /^(.*),"mark":"[^"]*"\}$/.exec(line) ?? [];
    if (content !== undefined) return seal.marked(`${content}}`);
    seal.add(line);
    return line;
  });
}
