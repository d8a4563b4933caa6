import { rowsOf } from './parse.ts';

/** What bots whose code was read get wrong. */
export const BOT_ROWS = rowsOf(`
B01 a one-use invite in a guild with a vanity link
  given  A5 K0/1 V10
  do     +K, DEL K, ADD u1
  true   u1 = K
  expect u1 = K certain

B02 the list fails in a guild with a vanity link
  given  A5 V10
  do     invites 500, +A, ADD u1, 5 s, invites ok, quiet, +A, ADD u2
  true   u1 = A, u2 = A
  first  u1 = lookup-failed unknown, not settled
  expect u1 = A certain
         u2 = A certain

B03 the first use of an invite
  given  A0
  do     +A, ADD u1
  true   u1 = A
  expect u1 = A certain

B04 two invites one after the other
  given  A5 B1
  do     +A, ADD u1, idle, +B, ADD u2
  true   u1 = A, u2 = B
  expect u1 = A certain
         u2 = B certain

B05 an invite in the middle of the list expires
  given  A1 M4~3s Z1
  do     EXPIRE M, +Z, ADD u1
  true   u1 = Z
  expect u1 = Z certain

B06 a one-use invite is used up and somebody else joins by another
  given  A5 B1 K0/1
  do     +K, DEL K, ADD u1, idle, +B, ADD u2
  true   u1 = K, u2 = B
  expect u1 = K certain
         u2 = B certain

B07 Discovery an hour after somebody made an invite
  given  A5
  do     NEW N, 60 min, ADD u1
  true   u1 = none
  expect u1 = none likely

B08 an invite is revoked, then another is used
  given  A5 B1
  do     DEL B by m1, idle, +A, ADD u1
  true   u1 = A
  expect u1 = A certain

B09 a permanent and a short-lived invite rise together
  given  A5 B1~60s
  do     +A, +B, ADD u1, ADD u2
  true   u1 = A, u2 = B
  expect u1 u2 = A or B ambiguous (1 A, 1 B of 2)
  other world: u1 came by B and u2 by A.

B10 an invite with uses is revoked, then another of the same inviter is used
  given  A5 C3
  do     DEL C by m1, idle, +A, ADD u1
  true   u1 = A
  expect u1 = A certain

B11 one one-use invite was revoked an hour ago, another is used up now
  given  K0/1 L0/1
  do     DEL K by m1, 60 min, +L, DEL L, ADD u1
  true   u1 = L
  expect u1 = L certain

B12 a revoked invite and a join in one tick
  given  A5 B1
  do     DEL B by m1, +A, ADD u1
  true   u1 = A
  expect u1 = A certain

B13 two by one invite and one by another while the bot is down, then one more
  given  A5 B1
  do     STOP, +A x2, +B, ADD u7, ADD u8, ADD u9, START, +A, ADD u1
  true   u1 = A, u7 = A, u8 = A, u9 = B
  expect u1 u7 u8 u9 = A or B ambiguous (3 A, 1 B of 4)
  other world: u1 came by B, and all who came unseen by A.

B14 a new session begins while somebody joins
  given  A5
  do     LOST, NEW SESSION, +A, ADD u1
  true   u1 = A
  expect u1 = A likely if nobody-unseen
  other world: somebody joined by A unseen in the gap, and u1 by Discovery.
`);
