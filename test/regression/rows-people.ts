import { rowsOf } from './parse.ts';

/** Inviters, bots, members who leave and come back. */
export const PEOPLE_ROWS = rowsOf(`
P52 the inviter has left the guild
  given  A5 B2
  do     LEAVE owner-of-A, idle, +A, ADD u1
  true   u1 = A
  expect u1 = A certain

P53 an invite without an inviter
  given  W5! B2
  do     +W, ADD u1
  true   u1 = W
  expect u1 = W certain

P54 a bot is added, then somebody joins
  given  A5
  do     ADD bot1 by m1, idle, +A, ADD u1
  true   bot1 = added by m1, u1 = A
  expect bot1 = added by m1 reported
         u1 = A certain

P56 an invite is made
  given  A5
  do     NEW N
  calls  0 lists

P60 a member leaves and comes back by another invite
  given  A5 B1
  do     +A, ADD u1, quiet, LEAVE u1, 3 s, +B, ADD u1#2
  true   u1 = A, u1#2 = B
  expect u1 = A certain
         u1#2 = B certain

P61 one person in two guilds leaves the first
  given  A5 | X2
  do     +A, ADD u1, g2 +X, g2 ADD g2.u1, quiet, LEAVE u1
  true   u1 = A, g2.u1 = X
  expect u1 = A certain
         g2.u1 = X certain
`);
