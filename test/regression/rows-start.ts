import { rowsOf } from './parse.ts';

/** Start-up, availability, gaps. */
export const START_ROWS = rowsOf(`
P31 somebody joins before the first list is there
  given  A5 B1; cold
  do     +B, CONNECT, ADD u1, quiet, ADD u2, quiet, +A, ADD u3
  true   u1 = B, u2 = none, u3 = A
  expect u1 = no-baseline unknown
         u2 = none likely
         u3 = A certain

P31b somebody joins after a restart with a stored baseline
  given  A5 B1
  do     STOP, 60 ms, START, +B, ADD u1, idle, +A, ADD u2
  true   u1 = B, u2 = A
  expect u1 = B likely if nobody-unseen
         u2 = A likely if nobody-unseen
  other world: somebody joined by B while the bot was down, and u1 came by Discovery.

P32 somebody joins before the first list is asked for: counts of before may show for 3 s (A3)
  given  B1 A5; latency 150; cold
  do     CONNECT, 40 ms, +B, ADD u1, 2 s, +A, ADD u2
  true   u1 = B, u2 = A
  expect u1 = A or no-baseline or none ambiguous (1 A of 2)
         u2 = A likely if no-lag, else none
  other world: u1 came by A, counted late, and u2 by Discovery. What B had before nobody read.

P33 another guild is not there yet
  given  A5 B1; cold | X2; away
  do     CONNECT, 6 s, +B, ADD u1, idle, +A, ADD u2
  true   u1 = B, u2 = A
  expect u1 = B certain
         u2 = A certain

P34 the guild is not there at the start, its REST neither
  given  A5 B1; away | X2
  do     invites 503, 3 s, invites ok, BACK, 6 s, +A, ADD u1, idle, +A, ADD u2
  true   u1 = A, u2 = A
  expect u1 = A certain
         u2 = A certain

P35 the bot is invited to a guild
  given  A5 B2; away
  do     INVITED, 6 s, +A, ADD u1
  true   u1 = A
  expect u1 = A certain

P35b somebody joins a second after the invitation
  given  A5 B2; away
  do     INVITED, idle, +A, ADD u1
  true   u1 = A
  expect u1 = no-baseline unknown

P36 three join during an outage
  given  A5 B1
  do     OUTAGE, +A x3, ADD u7, ADD u8, ADD u9, BACK, 6 s, +B, ADD u1
  true   u1 = B, u7 = A, u8 = A, u9 = A
  expect u1 = B certain
         u7 u8 u9 = A likely if nobody-unseen
  other world: one of the three came by Discovery, and somebody by A who left before the bot was back.

P36b the same a second after the outage
  given  A5 B1
  do     OUTAGE, +A x3, ADD u7, ADD u8, ADD u9, BACK, idle, +B, ADD u1
  true   u1 = B, u7 = A, u8 = A, u9 = A
  expect u1 = B likely if nobody-unseen
         u7 u8 u9 = A likely if nobody-unseen
  other world: u1 came by Discovery, and somebody by B who left before the bot was back.

P37 three join in a gap of the gateway
  given  A5 B1
  do     LOST, +A x3, ADD u7, ADD u8, ADD u9, NEW SESSION, +B, ADD u1
  true   u1 = B, u7 = A, u8 = A, u9 = A
  expect u1 u7 u8 u9 = A or B ambiguous (3 A, 1 B of 4)
  other world: u1 came by A, and u7 by B.

P37b the session is resumed: nothing was missed
  given  A5 B1
  do     LOST, +A, ADD u1, 5 s, RESUMED, idle, +B, ADD u2
  true   u1 = A, u2 = B
  expect u1 = A certain
         u2 = B certain

P38 three join while the bot is kicked
  given  A5 B1
  do     KICKED, +A x3, ADD u7, ADD u8, ADD u9, INVITED, 6 s, +B, ADD u1
  true   u1 = B, u7 = A, u8 = A, u9 = A
  expect u1 = B certain
         u7 u8 u9 = A likely if nobody-unseen
  other world: one of the three came by Discovery, and somebody by A who left before the bot was back.

P38b the same a second after the invitation
  given  A5 B1
  do     KICKED, +A x3, ADD u7, ADD u8, ADD u9, INVITED, idle, +B, ADD u1
  true   u1 = B, u7 = A, u8 = A, u9 = A
  expect u1 u7 u8 u9 = A or B ambiguous (3 A, 1 B of 4)
  other world: u1 came by A, and u7 by B.
`);
