import type { Clock } from 'wherefrom';
import type { BackfillStore } from './backfill-store.ts';

export interface TellingPorts {
  readonly clock: Clock;
  readonly store: Pick<BackfillStore, 'totals'>;
  readonly log: { info(fields: object, message: string): void };
  /** Jobs that are under way or wait. */
  readonly waiting: () => number;
  readonly failed: (cause: unknown) => void;
}

const TELL_MS = 30_000;

/** Says now and then how far all jobs are together, and once more when the last has ended. */
export class BackfillTelling {
  readonly #ports: TellingPorts;
  #withdraw: (() => void) | null = null;

  constructor(ports: TellingPorts) {
    this.#ports = ports;
  }

  /** There is something to tell before long. */
  stirred(): void {
    const { clock, waiting, failed } = this.#ports;
    if (this.#withdraw !== null || waiting() === 0) return;
    this.#withdraw = clock.schedule(clock.now() + TELL_MS, () => {
      this.#withdraw = null;
      try {
        this.#tell();
      } catch (cause) {
        failed(cause);
      }
      this.stirred();
    });
  }

  stop(): void {
    this.#withdraw?.();
  }

  #tell(): void {
    const { store, log } = this.#ports;
    const { guilds, ended, done, reported } = store.totals();
    const people = `${words(done)} looked at, ${words(reported)} with a record`;
    const servers = `${words(ended)} of ${words(guilds)} servers finished`;
    log.info({}, `members from before the bot: ${people}; ${servers}`);
  }
}

function words(count: number): string {
  return count.toLocaleString('en-US');
}
