import { rowsOf } from './parse.ts';

/** Invites that end: by their limit, by a moderator, by time. */
export const LIMITED_ROWS = rowsOf(`
P03 the last use of a one-use invite, the delete first
  given  A5 K0/1
  do     +K, DEL K, ADD u1
  true   u1 = K
  first  u1 = K likely if used-up, else none, not settled
  expect u1 = K certain

P03b the same with 60 ms between the events
  given  A5 K0/1
  do     +K, DEL K, 60 ms, ADD u1
  true   u1 = K
  expect u1 = K certain

P03c the same where the bot may not read the audit log
  given  A5 K0/1; perms manage
  do     +K, DEL K, ADD u1
  true   u1 = K
  expect u1 = K likely if used-up, else none
  other world: a moderator revoked K unused, and u1 came by Discovery.

P04 the last use of a one-use invite, the join first
  given  A5 K0/1
  do     +K, ADD u1, 60 ms, DEL K
  true   u1 = K
  first  u1 = K likely if used-up, else none, not settled
  expect u1 = K certain
  calls  1 list

P05 a one-use invite made after the start
  given  A5
  do     NEW K0/1, idle, +K, DEL K, ADD u1
  true   u1 = K
  expect u1 = K certain

P06 two joins use up an invite in one tick
  given  A5 K0/2
  do     +K x2, DEL K, ADD u1, ADD u2
  true   u1 = K, u2 = K
  expect u1 u2 = K certain

P07 one of two one-use invites expires, the other is used
  given  A5 K0/1~3s L0/1
  do     EXPIRE K, idle, +L, DEL L, ADD u1
  true   u1 = L
  expect u1 = L certain

P08 two one-use invites in one tick
  given  A5 K0/1 L0/1
  do     +K, DEL K, +L, DEL L, ADD u1, ADD u2
  true   u1 = K, u2 = L
  expect u1 u2 = K or L ambiguous (1 K, 1 L of 2)
  other world: u1 came by L and u2 by K; the order of the events means nothing.

P09 a one-use invite and another in one tick
  given  A5 K0/1
  do     +K, DEL K, ADD u1, +A, ADD u2
  true   u1 = K, u2 = A
  expect u1 u2 = A or K ambiguous (1 A, 1 K of 2)
  other world: u1 came by A and u2 by K.

P10 a one-use invite and another 10 ms later
  given  A5 K0/1; latency 40
  do     +K, DEL K, ADD u1, 10 ms, +A, ADD u2
  true   u1 = K, u2 = A
  expect u1 u2 = A or K ambiguous (1 A, 1 K of 2)
  other world: u1 came by A, counted late (A3), and u2 by K: two clocks do not resolve 10 ms (A6).

P10b a one-use invite and another two seconds later
  given  A5 K0/1; latency 40
  do     +K, DEL K, ADD u1, 2 s, +A, ADD u2
  true   u1 = K, u2 = A
  expect u1 = K certain
         u2 = A certain

P11 a moderator revokes a one-use invite, then somebody comes by Discovery
  given  A5 K0/1
  do     DEL K by m1, idle, ADD u1
  true   u1 = none
  expect u1 = none likely
  calls  3 lists

P11b the same in one tick
  given  A5 K0/1
  do     DEL K by m1, ADD u1
  true   u1 = none
  expect u1 = none likely

P11c in one tick, and the bot may not read the audit log
  given  A5 K0/1; perms manage
  do     DEL K by m1, ADD u1
  true   u1 = none
  expect u1 = K likely if used-up, else none
  other world: u1 used K up; without the audit log both look the same.

P12 a one-use invite expires, then somebody comes by Discovery
  given  A5 K0/1~3s
  do     EXPIRE K, 2 s, ADD u1
  true   u1 = none
  expect u1 = none likely

P13 a one-use invite is revoked unused, then somebody comes by vanity
  given  A5 K0/1 V10
  do     DEL K by m1, idle, +V, ADD u1
  true   u1 = V
  expect u1 = V certain
  calls  1 list + 1 vanity

P14 the list fails for five seconds
  given  A5 K0/1
  do     invites 500, +A, ADD u1, 5 s, invites ok
  true   u1 = A
  first  u1 = lookup-failed unknown, not settled
  expect u1 = A certain

P14b the list fails for good
  given  A5 K0/1
  do     invites 500, +A, ADD u1
  true   u1 = A
  expect u1 = lookup-failed unknown

P15 the bot loses Manage Server and gets it back
  given  A5 K0/1
  do     perms none, +A, ADD u1, idle, perms all, +A, ADD u2
  true   u1 = A, u2 = A
  expect u1 = no-permission unknown
         u2 = A certain

P15b the list is refused although the roles say otherwise
  given  A5 K0/1
  do     invites 403, +A, ADD u1, idle, invites ok, perms none, perms all, +A, ADD u2
  true   u1 = A, u2 = A
  expect u1 = no-permission unknown
         u2 = A certain

P16 the event of a member who is there comes again
  given  A5 K0/1
  do     +A, ADD u1, idle, DEL K by m1, idle, ADD u1 again
  true   u1 = A
  expect u1 = A certain
`);
