import type { UserId } from 'wherefrom';
import type { Names } from '../ports.ts';

/** The names of the people most recently seen in payloads. Nothing of it is written anywhere. */
export class RecentNames implements Names {
  readonly #names = new Map<UserId, string>();
  readonly #limit: number;

  constructor(limit = 50_000) {
    this.#limit = limit;
  }

  /** Call with the `user` of every member event and the `inviter` of every invite read. */
  note(userId: UserId, name: string): void {
    this.#names.delete(userId);
    this.#names.set(userId, name);
    if (this.#names.size <= this.#limit) return;
    const oldest = this.#names.keys().next();
    if (!oldest.done) this.#names.delete(oldest.value);
  }

  nameOf(userId: UserId): string | null {
    const name = this.#names.get(userId);
    if (name === undefined) return null;
    this.note(userId, name);
    return name;
  }

  /** For an erasure request. */
  forget(userId: UserId): void {
    this.#names.delete(userId);
  }
}
