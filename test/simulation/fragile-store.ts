import type { Prng } from '@wherefrom/emulator';
import type { GuildStep, GuildStore } from 'wherefrom';
import type { OutboxStore } from '../../packages/service/src/join-log/outbox-store.ts';
import type { SqliteStore } from '../../packages/service/src/storage/sqlite-store.ts';

/** How the database fares at the moment. It outlives processes. */
export interface Disk {
  /** This part of all writes fails; half of those were done all the same. */
  failing: number;
  /** The process ends at the next write, before or after it is done. */
  fatal: 'before' | 'after' | null;
  readonly prng: Prng;
}

/** The store of one process: the real one, behind a disk that may fail or end the process. */
export interface FragileStore {
  readonly guildStore: GuildStore;
  readonly outbox: OutboxStore;
  readonly alive: SqliteStore['alive'];
  /** From now on nothing is read or written. */
  close(): void;
}

export interface FragileParts {
  readonly store: SqliteStore;
  readonly disk: Disk;
  /** The process ends here. */
  readonly killed: () => void;
  /** A step was written; `acknowledged` is false where its process is told otherwise. */
  readonly written: (step: GuildStep, acknowledged: boolean) => void;
}

export function fragileStore({ store, disk, killed, written }: FragileParts): FragileStore {
  let open = true;
  const guard = <T>(work: () => T): T => {
    if (!open) throw new Error('the process has ended');
    return work();
  };
  const write = <T>(work: (acknowledged: boolean) => T): T =>
    guard(() => {
      const { fatal } = disk;
      const fails = disk.failing > 0 && disk.prng.chance(disk.failing);
      const done = fails ? disk.prng.chance(0.5) : fatal !== 'before';
      const result = done ? work(!fails && fatal === null) : null;
      if (fatal !== null) {
        disk.fatal = null;
        open = false;
        killed();
      }
      if (fails || fatal !== null || result === null) throw new Error('the disk failed');
      return result;
    });
  return {
    guildStore: {
      load: (guildId) => guard(() => store.guildStore.load(guildId)),
      member: (guildId, userId) => guard(() => store.guildStore.member(guildId, userId)),
      answer: (guildId, userId) => guard(() => store.guildStore.answer(guildId, userId)),
      commit: (step: GuildStep) =>
        write((acknowledged) => {
          const committed = store.guildStore.commit(step) ?? Promise.resolve();
          written(step, acknowledged);
          return committed;
        }),
    },
    outbox: fragileOutbox(store.outbox, guard, write),
    alive: store.alive,
    close: () => {
      open = false;
    },
  };
}

type Around = <T>(work: () => T) => T;

const WRITES = new Set<keyof OutboxStore>([
  'open',
  'attempt',
  'sent',
  'postpone',
  'editing',
  'edited',
  'postponeEdit',
  'drop',
  'dropWaiting',
]);

/** Every call of the outbox's store, through `write` or `guard`. */
function fragileOutbox(outbox: OutboxStore, guard: Around, write: Around): OutboxStore {
  return new Proxy(outbox, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      const around = WRITES.has(name as keyof OutboxStore) ? write : guard;
      return (...given: unknown[]) => around(() => wrapped(method.apply(target, given))).value;
    },
  });
}

/** A result that is not null, so that it tells itself apart from no result. */
function wrapped(value: unknown): { readonly value: unknown } {
  return { value };
}
