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
  {
    mix: 'inside',
    seed: 4_711,
    world: 1,
    why: 'uses of a gap showed in a guild that was quiet long after it',
  },
  {
    mix: 'inside',
    seed: 20_261_126,
    world: 120,
    why: 'a one-use invite that had ended was forgotten before those who may have used it',
  },
  {
    mix: 'inside',
    seed: 20_261_126,
    world: 287,
    why: 'a use was forgotten in a lost session, before the gap that it became',
  },
  {
    mix: 'inside',
    seed: 20_261_126,
    world: 1_865,
    why: 'a use that was only possible was forgotten before those who may have made it',
  },
  {
    mix: 'inside',
    seed: 20_261_126,
    world: 3_749,
    why: 'a component was closed before all events of its newest uses had come',
  },
  {
    mix: 'inside',
    seed: 20_261_126,
    world: 5_737,
    why: 'a vanity link whose counter was never read was taken away',
  },
  {
    mix: 'inside',
    seed: 7,
    world: 96,
    why: 'the audit log could be heard only after the invite had ended',
  },
  {
    mix: 'inside',
    seed: 20_261_126,
    world: 2_635,
    why: 'a log message was given up while its nonce could still have told that it was there',
  },
  {
    mix: 'inside',
    seed: 20_261_126,
    world: 3_915,
    why: 'the backfill answered first for joins that were just heard, which then made no line',
  },
  {
    mix: 'inside',
    seed: 20_261_126,
    world: 263,
    why: 'the doubt that a gap cast was forgotten with those through whom it came',
  },
  {
    mix: 'inside',
    seed: 20_261_126,
    world: 7_358,
    why: 'an invite whose channel no list told, and which went with it, passed for used up',
  },
];
