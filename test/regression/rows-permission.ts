import { rowsOf } from './parse.ts';

/** Permissions and errors. */
export const PERMISSION_ROWS = rowsOf(`
P45 without Manage Server
  given  A5; perms none
  do     +A, ADD u1
  true   u1 = A
  expect u1 = no-permission unknown
  calls  0 lists

P45b the list is refused although the roles say otherwise
  given  A5
  do     invites 403, +A, ADD u1
  true   u1 = A
  expect u1 = no-permission unknown
  calls  1 list

P46 with Manage Channels only an invite is made and nobody joins
  given  A5; perms channels
  do     NEW N
  calls  0 lists

P47 Manage Server is granted later
  given  A5; perms none
  do     perms all, idle, +A, ADD u1, idle, +A, ADD u2
  true   u1 = A, u2 = A
  expect u1 = A certain
         u2 = A certain

P48 the list fails, and somebody else joins before it answers again
  given  A5 B3
  do     invites 500, +B, ADD u1, idle, invites ok, +A, ADD u2
  true   u1 = B, u2 = A
  first  u1 = lookup-failed unknown, not settled
  expect u1 u2 = A or B ambiguous (1 A, 1 B of 2)
  other world: u1 came by A and u2 by B; one list shows both.

P48b the list answers again before somebody else joins
  given  A5 B3
  do     invites 500, +B, ADD u1, idle, invites ok, quiet, +A, ADD u2
  true   u1 = B, u2 = A
  expect u1 = B certain
         u2 = A certain

P49 in one guild the request for our own member fails; another guild does not care
  given  A5 | X2
  do     members 500, g2 +X, g2 ADD g2.u1
  true   g2.u1 = X
  expect g2.u1 = X certain

P50 View Audit Log without Manage Server: the list comes without counts
  given  A5 B1; perms audit
  do     +A, ADD u1
  true   u1 = A
  expect u1 = no-permission unknown
  calls  0 lists

P50b the list comes without counts although the roles say otherwise
  given  A5 B1
  do     invites uncounted, +A, ADD u1
  true   u1 = A
  expect u1 = no-permission unknown
  calls  1 list

P51 Manage Server is lost for two joins and back for the third
  given  A5 B1
  do     perms audit, +A, ADD u1, idle, +A, ADD u2, idle, perms all, +B, ADD u3
  true   u1 = A, u2 = A, u3 = B
  expect u1 u2 = no-permission unknown
         u3 = A or B ambiguous (2 A, 1 B of 3)
  other world: u1 or u2 came by B, and u3 by A.

P51b Manage Server is back a second before the third
  given  A5 B1
  do     perms audit, +A, ADD u1, idle, +A, ADD u2, idle, perms all, idle, +B, ADD u3
  true   u1 = A, u2 = A, u3 = B
  expect u1 u2 = no-permission unknown
         u3 = B certain
`);
