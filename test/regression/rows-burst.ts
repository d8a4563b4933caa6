import { rowsOf } from './parse.ts';

/** Invites the tracker has not seen yet, and joins close together. */
export const BURST_ROWS = rowsOf(`
P17 an invite made after the start
  given  A5
  do     NEW N, idle, +N, ADD u1
  true   u1 = N
  expect u1 = N certain
  calls  1 list

P18 made and used in one tick
  given  A5; latency 40
  do     NEW N, +N, ADD u1, idle, +A, ADD u2
  true   u1 = N, u2 = A
  expect u1 = N certain
         u2 = A certain

P19 an invite appears without an event
  given  A5
  do     N appears, +N, ADD u1
  true   u1 = N
  expect u1 = N certain

P20 the same in a guild without invites
  given  no-invites
  do     N appears, +N, ADD u1
  true   u1 = N
  expect u1 = N certain

P21 two joins by one invite in one tick
  given  A5 B1
  do     +A x2, ADD u1, ADD u2
  true   u1 = A, u2 = A
  expect u1 u2 = A certain
  calls  1 list

P22 two joins by two invites in one tick
  given  A5 B1
  do     +B, +A, ADD u1, ADD u2
  true   u1 = B, u2 = A
  expect u1 u2 = A or B ambiguous (1 A, 1 B of 2)
  other world: u1 came by A and u2 by B.

P23 two joins by two invites, 30 ms apart
  given  A5 B1; latency 80
  do     +B, ADD u1, 30 ms, +A, ADD u2
  true   u1 = B, u2 = A
  expect u1 u2 = A or B ambiguous (1 A, 1 B of 2)
  other world: u1 came by A, counted late (A3), and u2 by B: two clocks do not resolve 30 ms (A6).

P23b two joins by two invites, a second apart
  given  A5 B1; latency 80
  do     +B, ADD u1, 1 s, +A, ADD u2
  true   u1 = B, u2 = A
  expect u1 = B certain
         u2 = A certain

P24 two by one invite and one by another in one tick
  given  A5 B1
  do     +A x2, +B, ADD u1, ADD u2, ADD u3
  true   u1 = A, u2 = A, u3 = B
  expect u1 u2 u3 = A or B ambiguous (2 A, 1 B of 3)
  other world: u3 came by A and u1 by B.

P25 one by Discovery and one by an invite in one tick
  given  A5
  do     +A, ADD u1, ADD u2
  true   u1 = none, u2 = A
  expect u1 u2 = A or none ambiguous (1 A of 2)
  other world: u1 came by A and u2 by Discovery.

P26 a bot is added and somebody joins in one tick
  given  A5
  do     +A, ADD bot1 by m1, ADD u1
  true   bot1 = added by m1, u1 = A
  expect bot1 = added by m1 reported
         u1 = A certain

P26b the same where the bot may not read the audit log
  given  A5; perms manage
  do     +A, ADD bot1 by m1, ADD u1
  true   bot1 = added by m1, u1 = A
  expect bot1 = a bot certain
         u1 = A certain

P27 two joins by the vanity link in one tick
  given  A5 V10
  do     +V x2, ADD u1, ADD u2
  true   u1 = V, u2 = V
  expect u1 u2 = V certain
  calls  1 list + 1 vanity

P59 twenty joins by one invite in one tick, then one by another
  given  R5 B1
  do     +R x20, ADD u1, ADD u2, ADD u3, ADD u4, ADD u5, ADD u6, ADD u7, ADD u8, ADD u9, ADD u10,
         ADD u11, ADD u12, ADD u13, ADD u14, ADD u15, ADD u16, ADD u17, ADD u18, ADD u19, ADD u20,
         idle, +B, ADD u21
  true   u1 = R, u2 = R, u3 = R, u4 = R, u5 = R, u6 = R, u7 = R, u8 = R, u9 = R, u10 = R, u11 = R,
         u12 = R, u13 = R, u14 = R, u15 = R, u16 = R, u17 = R, u18 = R, u19 = R, u20 = R, u21 = B
  expect u1 u2 u3 u4 u5 u6 u7 u8 u9 u10 u11 u12 u13 u14 u15 u16 u17 u18 u19 u20 = R certain
         u21 = B certain
  calls  2 lists
`);
