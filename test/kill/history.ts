import type { Boundary } from './boundaries.ts';
import type { Losses } from './losses.ts';
import type { Town } from './town.ts';

/** One life of the process and its end. */
export interface Life {
  readonly number: number;
  /** What was to end it. */
  readonly planned: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly boundary: Boundary | null;
  /** Joins since the end of the life before, and those of them while nothing ran. */
  readonly joins: number;
  readonly joinsWhileDead: number;
  /** It went on with the session of an earlier one. */
  readonly resumed: boolean;
  /** The session was ended after it. */
  readonly invalidated: boolean;
  /** From its start to the first line of a join that happened while nothing ran; null if none. */
  readonly firstAnswerMs: number | null;
}

/** All that the test itself knows of what happened. */
export interface History {
  readonly lives: readonly Life[];
  readonly towns: readonly Town[];
  readonly losses: Losses;
  /** What was wrong before anything was compared, one line each. */
  readonly incidents: readonly string[];
}

/** The kills around a moment, for the words of a failure. */
export function killsAround({ lives }: Pick<History, 'lives'>, at: number): string {
  const near = lives.filter(
    ({ startedAtMs, endedAtMs }) => endedAtMs > at - 10_000 && startedAtMs < at + 10_000,
  );
  const words = near.map(({ number, planned, boundary, endedAtMs, invalidated }) => {
    const where = boundary ?? `at random (${planned})`;
    return `#${number} ${where} ${endedAtMs - at} ms later${invalidated ? ', session ended' : ''}`;
  });
  return words.length === 0 ? 'no kill near' : `kills: ${words.join('; ')}`;
}
