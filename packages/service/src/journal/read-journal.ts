import { Misfit } from 'wherefrom';
import { ServiceError } from '../service-error.ts';
import { type HeaderLine, type JournalLine, readHeader, readLine } from './journal-line.ts';
import { Seal } from './seal.ts';

/** A line with its number in the file, counted from 1. */
export interface NumberedLine {
  readonly number: number;
  readonly line: Exclude<JournalLine, HeaderLine>;
}

/** A journal as it was found, with what is wrong with it. */
export interface Journal {
  /** Null for a bare list of observations. */
  readonly header: HeaderLine | null;
  readonly lines: readonly NumberedLine[];
  /** The last line that its mark vouches for; 0 if none does. */
  readonly provenTo: number;
  /** The first thing that is wrong; null if the file is whole. */
  readonly flaw: ServiceError | null;
}

const LONGEST_LINE = 64 * 2 ** 20;

/**
 * Reads the text of a journal file. What is wrong further down is told by `flaw`; the lines before
 * it can be used.
 * @throws ServiceError `journal-foreign` or `journal-version`, where nothing can be used
 */
export function readJournal(text: string, options: { readonly bare?: boolean } = {}): Journal {
  const texts = numberedTexts(text);
  const [first, ...others] = texts;
  if (first === undefined) throw new ServiceError('journal-foreign', 'The file is empty.');
  const header = readHeader(parsed(first.text));
  if (header === 'other-version') {
    throw new ServiceError('journal-version', 'Line 1 says that the file has another version.');
  }
  if (header !== 'none') return new Reader(header, first, others).read();
  if (options.bare === true) return readBare(texts);
  const cut = first.text.startsWith('{"wherefrom":');
  throw cut
    ? new ServiceError('journal-cut', 'The file ends within line 1.')
    : new ServiceError('journal-foreign', 'Line 1 is no header of a journal.');
}

interface NumberedText {
  readonly number: number;
  readonly text: string;
}

/** Mail and other systems change how a line ends, not what it says. */
function numberedTexts(text: string): readonly NumberedText[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, index) => ({ number: index + 1, text: line }))
    .filter((line) => line.text.trim() !== '');
}

/** Observations and nothing else, one a line, as a failing test prints them. */
function readBare(texts: readonly NumberedText[]): Journal {
  const lines: NumberedLine[] = [];
  let flaw: ServiceError | null = null;
  for (const { number, text } of texts) {
    const line = tryRead(number, text);
    if (line instanceof ServiceError) {
      flaw ??= line;
      break;
    }
    if (line.kind !== 'observation') {
      flaw ??= new ServiceError(
        'journal-cut',
        `Line ${number} is of a journal without its header.`,
      );
    }
    lines.push({ number, line });
  }
  return { header: null, lines, provenTo: 0, flaw };
}

/** Marks are measured on the text, so that a line that cannot be read is known to be changed or not. */
class Reader {
  readonly #header: HeaderLine;
  readonly #texts: readonly NumberedText[];
  readonly #seal = new Seal();
  readonly #lines: NumberedLine[] = [];
  #provenTo = 0;
  #markedTo: number;
  #steps = 0;
  /** The first line that cannot be read; the lines after it are of no use. */
  #unread: { readonly number: number; readonly flaw: ServiceError } | null = null;
  #flaw: ServiceError | null = null;

  constructor(header: HeaderLine, first: NumberedText, texts: readonly NumberedText[]) {
    this.#header = header;
    this.#texts = [first, ...texts];
    this.#markedTo = first.number - 1;
    this.#seal.add(first.text);
  }

  read(): Journal {
    let ended = false;
    for (const { number, text } of this.#texts.slice(1)) {
      if (ended) {
        this.#found(new ServiceError('journal-changed', `Line ${number} comes after the end.`));
        break;
      }
      const kind = this.#line(number, text)?.kind;
      ended = kind === 'end';
      if (ended || kind === 'step' || Seal.isMarked(text)) this.#mark(number, text);
      else this.#seal.add(text);
    }
    if (!ended) this.#found(this.#cut());
    return {
      header: this.#header,
      lines: this.#lines,
      provenTo: this.#provenTo,
      flaw: this.#flaw,
    };
  }

  #line(number: number, text: string): NumberedLine['line'] | null {
    if (this.#unread !== null) return null;
    const line = tryRead(number, text);
    if (line instanceof ServiceError) {
      this.#unread = { number, flaw: line };
      return null;
    }
    this.#lines.push({ number, line });
    if (line.kind === 'step') this.#steps += 1;
    if (line.kind === 'end' && line.steps !== this.#steps) {
      const counted = `Line ${number} counts ${line.steps} steps, but there are ${this.#steps}.`;
      this.#found(new ServiceError('journal-changed', counted));
    }
    return line;
  }

  #mark(number: number, text: string): void {
    const from = this.#markedTo + 1;
    this.#markedTo = number;
    if (!this.#seal.holds(text)) {
      const lines = from === number ? `Line ${number}` : `One of the lines ${from} to ${number}`;
      const changed = `${lines} was changed, or lines are missing there: the mark of line ${number} differs.`;
      const detail = this.#unread === null ? '' : `\n${this.#unread.flaw.message}`;
      this.#found(new ServiceError('journal-changed', changed + detail));
    } else if (this.#unread !== null) this.#found(this.#unread.flaw);
    if (this.#flaw === null) this.#provenTo = number;
  }

  #cut(): ServiceError {
    const last = this.#texts.at(-1)!;
    if (this.#unread === null) {
      return new ServiceError('journal-cut', `The file ends after line ${last.number}.`);
    }
    if (this.#unread.number < last.number) return this.#unread.flaw;
    return new ServiceError('journal-cut', `The file ends within line ${last.number}.`);
  }

  #found(flaw: ServiceError): void {
    this.#flaw ??= flaw;
  }
}

function tryRead(number: number, text: string): NumberedLine['line'] | ServiceError {
  try {
    return readLine(parsedOrThrown(text));
  } catch (cause) {
    if (cause instanceof Misfit) {
      return new ServiceError('journal-strange', `Line ${number}: ${cause.message}.`, { cause });
    }
    const why = text.length > LONGEST_LINE ? 'is longer than any line of a journal' : 'is not JSON';
    return new ServiceError('journal-strange', `Line ${number} ${why}.`, { cause });
  }
}

function parsedOrThrown(text: string): unknown {
  if (text.length > LONGEST_LINE) throw new RangeError('too long');
  return JSON.parse(text) as unknown;
}

function parsed(text: string): unknown {
  try {
    return parsedOrThrown(text);
  } catch {
    return null;
  }
}
