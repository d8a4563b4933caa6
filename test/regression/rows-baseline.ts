import { rowsOf } from './parse.ts';

export const BASELINE_ROWS = rowsOf(`
P01 a lone join
  given  A5 B1
  do     +B, ADD u1
  true   u1 = B
  first  u1 = B certain, not settled
  expect u1 = B certain
  calls  1 list

P02 the baseline moves with every join
  given  A5 B1
  do     +A, ADD u1, idle, +B, ADD u2, idle, +A, ADD u3
  true   u1 = A, u2 = B, u3 = A
  expect u1 = A certain
         u2 = B certain
         u3 = A certain
  calls  3 lists

P02b the same with milliseconds between the joins
  given  A5 B1
  do     +A, ADD u1, 10 ms, +B, ADD u2, 10 ms, +A, ADD u3
  true   u1 = A, u2 = B, u3 = A
  expect u1 u2 u3 = A or B ambiguous (2 A, 1 B of 3)
  other world: u1 came by B, whose count shows late (A3), and u2 by A.

P28 an invite is made between the count and the event
  given  A5
  do     +A, NEW N, 60 ms, ADD u1
  true   u1 = A
  expect u1 = A certain

P29 another invite is revoked between the count and the event
  given  A5 Z3
  do     +A, DEL Z by m1, 60 ms, ADD u1
  true   u1 = A
  expect u1 = A certain

P29b the same where the bot may not read the audit log
  given  A5 Z3; perms manage
  do     +A, DEL Z by m1, 60 ms, ADD u1
  true   u1 = A
  expect u1 = A certain

P30 the count shows after the event
  given  A5 B1
  do     ADD u1, 60 ms, +A, quiet, +B, ADD u2
  true   u1 = A, u2 = B
  first  u1 = none likely, not settled
  expect u1 = A certain
         u2 = B certain

P30b the count shows after the event, and another join follows
  given  A5 B1
  do     ADD u1, 60 ms, +A, idle, +B, ADD u2
  true   u1 = A, u2 = B
  expect u1 = A likely if no-lag, else B
         u2 = B likely if no-lag, else A
  other world: u1 came by B, counted late (A3), and u2 by A, a hair before the list that shows A (A6).
`);
