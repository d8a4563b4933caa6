/**
 * One at a time. A process that loads its code takes a whole core for half a second, which the
 * answers of all others would feel.
 */
export class Doorway {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when nobody else is in it, to the call that leaves it; calling it twice is no harm. */
  async enter(): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#last;
    this.#last = before.then(() => promise);
    await before;
    return resolve;
  }
}
