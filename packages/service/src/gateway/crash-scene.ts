import type { GuildId, Observation, Receipt, UserId } from 'wherefrom';
import { stepOf } from '../storage/examples.ts';
import type { SqliteResumeRows } from '../storage/sqlite-resume-rows.ts';
import { Dispatch } from './dispatch.ts';
import { restore } from './restore.ts';
import { memoryOver } from './resume-scene.ts';

export const ME = '1' as UserId;

type Waiting = { readonly observation: Observation; readonly receipt: Receipt | null };

/** What outlives a process: the rows, and which guilds have a past. */
export interface Remains {
  readonly rows: SqliteResumeRows;
  readonly known: Set<GuildId>;
  /** Guilds whose engine waits for something. */
  readonly lastAlive: number | null;
}

/** The gateway's side of one process, whose steps are stored when the test says so: for tests. */
export class CrashingProcess {
  now: number;
  /** All that was observed, in words. */
  readonly words: string[] = [];
  readonly directory: ReturnType<typeof memoryOver>['directory'];
  readonly #remains: Remains;
  readonly #memory: ReturnType<typeof memoryOver>;
  readonly #dispatch: Dispatch;
  readonly #waiting = new Map<GuildId, Waiting[]>();

  constructor(remains: Remains, now: number) {
    this.now = now;
    this.#remains = remains;
    this.#memory = memoryOver(remains.rows, () => this.now);
    this.directory = this.#memory.directory;
    const lastAlive = (): number | null => remains.lastAlive;
    this.#dispatch = new Dispatch({
      clock: { now: () => this.now, schedule: () => () => {} },
      tracker: {
        observe: (guildId, observation, receipt) => {
          this.words.push(wordOf(observation));
          const waiting = this.#waiting.get(guildId) ?? [];
          this.#waiting.set(guildId, [...waiting, { observation, receipt: receipt ?? null }]);
        },
        known: async (guildId) => remains.known.has(guildId),
      },
      ...this.#memory,
      seen: () => {},
      removed: () => {},
      lastAlive,
      log,
    });
    const restoring = { rows: remains.rows, dispatch: this.#dispatch, lastAlive, log };
    restore({ ...restoring, ...this.#memory, now: () => this.now }, ME);
  }

  /** An event of the session. Lets the answer of the store come in. */
  async take(s: number, t: string, d: unknown): Promise<void> {
    this.#dispatch.take({ t, s, d }, 0);
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Stores the first so many observations of a guild as one step. */
  commit(guildId: GuildId, count = Number.POSITIVE_INFINITY): void {
    const stored = (this.#waiting.get(guildId) ?? []).splice(0, count);
    const receipts = stored.flatMap(({ receipt }) => receipt ?? []);
    const step = stepOf({ guildId, receipts });
    this.#remains.rows.together(() => this.#memory.resume.write(step));
    this.#memory.resume.finished(step);
    this.#remains.known.add(guildId);
  }

  flush(): void {
    this.#memory.resume.flush();
  }

  /** The process ends where it is, and another takes its place. */
  crashed(now = this.now): CrashingProcess {
    return new CrashingProcess(this.#remains, now);
  }

  /** The event after which the next process would resume. */
  get point(): number {
    return this.#remains.rows.sessions()[0]?.sequence ?? 0;
  }
}

const log = { debug() {}, info() {}, warn() {}, error() {} };

function wordOf(observation: Observation): string {
  switch (observation.kind) {
    case 'gap':
      return [
        `gap ${observation.cause} ${observation.from}-${observation.to}`,
        ...(observation.replaying === true ? ['replaying'] : []),
      ].join(', ');
    case 'session':
      return `session ${observation.state}`;
    case 'join':
      return `join ${observation.userId}`;
    default:
      return observation.kind;
  }
}
