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

/**
 * Worlds of the usual campaign with a fault that is not mended yet: they have to go on failing, with
 * just these findings, until somebody mends them and moves them up.
 */
export const OPEN_FAULTS: readonly (FailedSeed & { readonly findings: readonly RegExp[] })[] = [
  {
    mix: 'inside',
    seed: 20_261_126,
    world: 120,
    why: 'a one-use invite made and used just after the first list is not among the candidates',
    findings: [/ambiguous of .*, in truth invite:c2x10002: no room for the truth$/],
  },
];
