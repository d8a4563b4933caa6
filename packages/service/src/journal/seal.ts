import { createHash } from 'node:crypto';

const MARKED = /^(.+),"mark":"([0-9a-f]{16})"\}$/;

/**
 * The marks in a journal: each stands for the lines since the one before, and for that one. So a
 * file that was cut is whole up to its last mark, and a change shows between two of them.
 */
export class Seal {
  #lines: string[] = [];
  #mark = '';

  static isMarked(line: string): boolean {
    return MARKED.test(line);
  }

  /** A line that the next mark stands for. */
  add(line: string): void {
    this.#lines.push(line);
  }

  /** A line of JSON, with its mark. */
  marked(line: string): string {
    this.#mark = this.#digest(line);
    return `${line.slice(0, -1)},"mark":"${this.#mark}"}`;
  }

  /** Whether the mark of this line is right. Later lines are measured by the mark as it stands. */
  holds(line: string): boolean {
    const [, start = '', mark = ''] = MARKED.exec(line) ?? [];
    const holds = this.#digest(`${start}}`) === mark;
    this.#mark = mark;
    return holds;
  }

  #digest(line: string): string {
    const hash = createHash('sha256').update(this.#mark);
    for (const each of this.#lines.splice(0)) hash.update('\n').update(each);
    return hash.update('\n').update(line).digest('hex').slice(0, 16);
  }
}
