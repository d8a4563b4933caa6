import type { DatabaseSync } from 'node:sqlite';
import type { Prng } from '@wherefrom/emulator';
import type { Database } from '../../packages/service/src/storage/database.ts';

/** How the disk fares at the moment. It outlives processes. */
export interface Disk {
  /** This part of all transactions fails; half of those were done all the same. */
  failing: number;
  /** The process ends at the next transaction, before or after it is done. */
  fatal: 'before' | 'after' | null;
  readonly prng: Prng;
}

export interface FragileOptions {
  readonly disk: Disk;
  /** The process ends here. */
  readonly killed: () => void;
  /** A transaction is in the database; false if its process is told otherwise. */
  readonly committed: (acknowledged: boolean) => void;
}

type Sqlite = Pick<DatabaseSync, 'exec' | 'prepare' | 'isOpen' | 'isTransaction' | 'close'>;

/** The database as one process sees it: the real one, on a disk that may fail or end the process. */
export class FragileDatabase implements Sqlite {
  readonly #sqlite: DatabaseSync;
  readonly #options: FragileOptions;
  #open = true;

  constructor(sqlite: DatabaseSync, options: FragileOptions) {
    this.#sqlite = sqlite;
    this.#options = options;
  }

  /** To hand to the store in place of the real one. */
  static over({ sqlite, ...rest }: Database, options: FragileOptions): FragileDatabase & Database {
    const fragile = new FragileDatabase(sqlite, options);
    return Object.assign(fragile, rest, { sqlite: fragile as unknown as DatabaseSync });
  }

  get isOpen(): boolean {
    return this.#open && this.#sqlite.isOpen;
  }

  get isTransaction(): boolean {
    return this.#sqlite.isTransaction;
  }

  prepare(text: string): ReturnType<DatabaseSync['prepare']> {
    return this.#sqlite.prepare(text);
  }

  exec(text: string): void {
    if (!this.#open) throw new Error('the process has ended');
    if (text === 'begin immediate') this.#begin();
    else if (text === 'commit') this.#commit();
    else this.#sqlite.exec(text);
  }

  /** From now on nothing is written. */
  close(): void {
    this.#open = false;
  }

  #begin(): void {
    const { disk } = this.#options;
    if (disk.fatal === 'before') this.#end();
    if (this.#fails()) throw new Error('the disk failed');
    this.#sqlite.exec('begin immediate');
  }

  /** A commit may be done and yet report a failure. */
  #commit(): void {
    const { disk, committed } = this.#options;
    this.#sqlite.exec('commit');
    const fails = this.#fails();
    committed(!fails && disk.fatal === null);
    if (disk.fatal === 'after') this.#end();
    if (fails) throw new Error('the disk failed after it had written');
  }

  #fails(): boolean {
    const { failing, prng } = this.#options.disk;
    return failing > 0 && prng.chance(failing / 2);
  }

  #end(): never {
    this.#options.disk.fatal = null;
    this.close();
    this.#options.killed();
    throw new Error('the process has ended');
  }
}
