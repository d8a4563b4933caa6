/** A world that once broke what must hold: it is played again for ever. */
export interface FailedSeed {
  readonly mix: string;
  readonly seed: number;
  readonly world: number;
  readonly why: string;
}

export const FAILED_SEEDS: readonly FailedSeed[] = [
  {
    mix: 'inside',
    seed: 31,
    world: 42,
    why: 'a use of somebody unheard in an outage passed for that of the join before it',
  },
  {
    mix: 'inside',
    seed: 31,
    world: 183,
    why: 'the same, seen in another guild',
  },
];
