import { rowsOf } from './parse.ts';

export const VANITY_ROWS = rowsOf(`
P39 a join by the vanity link
  given  A5 V10
  do     +V, ADD u1
  true   u1 = V
  expect u1 = V certain
  calls  1 list + 1 vanity

P40 a join by Discovery in a guild with a vanity link
  given  A5 V10
  do     ADD u1
  true   u1 = none
  expect u1 = none likely
  calls  3 lists + 2 vanity

P41 the vanity link is switched on
  given  A5
  do     VANITY V0, idle, +V, ADD u1
  true   u1 = V
  expect u1 = V certain

P42 the vanity link gets another code
  given  A5 V10
  do     VANITY W0, idle, +W, ADD u1
  true   u1 = W
  expect u1 = W certain

P43 the vanity counter is refused from the start
  given  A5 V10; vanity 403
  do     +A, ADD u1
  true   u1 = A
  expect u1 = A certain

P43b somebody comes by a vanity link that is refused
  given  A5 V10; vanity 403
  do     +V, ADD u1
  true   u1 = V
  expect u1 = V or none ambiguous
  other world: u1 came by Discovery.

P44 the vanity counter fails for five seconds
  given  A5 V10
  do     vanity 500, +V, ADD u1, 5 s, vanity ok
  true   u1 = V
  first  u1 = V or none ambiguous, not settled
  expect u1 = V certain

P44b the vanity counter fails for good
  given  A5 V10
  do     vanity 500, +V, ADD u1
  true   u1 = V
  expect u1 = V or none ambiguous
  other world: u1 came by Discovery.
`);
