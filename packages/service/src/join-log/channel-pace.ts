import { WINDOW_MS } from './plan.ts';
import { refusalPauseMs } from './retry.ts';

/** What a channel has been asked lately, and until when it wants to be left alone. */
export class ChannelPace {
  #requests: number[] = [];
  #blockedUntil = 0;
  #refusals = 0;

  get blockedUntil(): number {
    return this.#blockedUntil;
  }

  /** When the requests of the current window were answered, oldest first. */
  requests(now: number): readonly number[] {
    this.#requests = this.#requests.filter((request) => request > now - WINDOW_MS);
    return this.#requests;
  }

  /** Counted from the answer: Discord's window began before it, never after. */
  answered(now: number): void {
    this.#requests.push(now);
  }

  blockUntil(until: number): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, until);
  }

  accepted(): void {
    this.#refusals = 0;
  }

  /** Every refused request counts towards Discord's limit of invalid ones: ask ever more rarely. */
  refused(now: number): void {
    this.#refusals += 1;
    this.blockUntil(now + refusalPauseMs(this.#refusals));
  }
}
