import type { Observation } from '../../packages/core/src/engine/observation.ts';
import {
  created,
  deleted,
  gap,
  join,
  leave,
  list,
  passed,
  revoked,
  session,
  targets,
} from '../oracle/notation.ts';

/** More of the smallest journals on which the engine and the oracle differed: late knowledge. */
export const PARKING_REGRESSIONS: readonly {
  readonly why: string;
  readonly journal: readonly Observation[];
}[] = [
  {
    why: 'a use found later goes to a settled join as well as to an open one',
    journal: [
      join('u1', 6),
      list(6.3, 6.5, { C: 0 }),
      leave('u1', 7.1),
      join('u1', 9),
      list(10, 10.2, {}),
      list(13.7, 13.9, { C: 1 }),
    ],
  },
  {
    why: 'a final count told late goes to whoever lived in its time',
    journal: [
      list(5.8, 6, { A: 0 }),
      join('u1', 6),
      join('u5', 10.6),
      list(13.2, 13.4, {}),
      revoked('A', 21.9, 22, 1),
    ],
  },
  {
    why: 'an end that a list refutes gives back the uses it was taken for',
    journal: [
      list(5.8, 6, { A: { max: 2 } }),
      join('u1', 6),
      list(6, 6.2, {}),
      join('u3', 7.7),
      list(13.4, 13.6, { A: { uses: 1, max: 2 } }),
    ],
  },
  {
    why: 'a target list read later takes a use from a settled join',
    journal: [
      targets('C', 2, 2.1, ['u2']),
      list(3.5, 3.7, { A: 2 }),
      list(5.3, 5.5, { B: 0, C: { uses: 1, created: 4 } }),
      ...['u1', 'u2', 'u3', 'u4', 'u5'].map((user, n) => join(user, 6 + n * 0.2)),
      revoked('A', 13.1, 13.2, 4),
      targets('C', 13.6, 13.7, ['u3']),
      list(14.5, 14.7, { B: 2 }),
      passed(30),
    ],
  },
  {
    why: 'a gap told late doubts the silence that settled another join',
    journal: [
      list(0, 0.2, { A: 0, C: { max: 1 } }),
      join('u1', 6),
      deleted('C', 6.1),
      gap(9.8, 11.5),
      join('u2', 12),
      list(14.8, 15, { A: 1 }),
    ],
  },
  {
    why: 'a join whose event comes while an end is still told may have used it',
    journal: [
      list(0, 0.2, { B: 0 }),
      list(3.7, 3.9, {}),
      join('u1', 6),
      revoked('B', 8.6, 8.7, 1),
      join('u2', 8.5, { at: 10.5 }),
      list(11.1, 11.3, {}),
    ],
  },
  {
    why: 'nobody knows of an invite whose end comes after an incomplete first list',
    journal: [
      join('u2', 6.2),
      list(6.3, 6.5, {}, false),
      deleted('B', 6.6),
      list(7.8, 8.3, { A: 0 }),
      list(11.9, 12.1, { A: 0 }),
    ],
  },
  {
    why: 'an invite that a list showed without its count has ended when the next one lacks it',
    journal: [
      created('B', 3.1, { created: 3 }),
      list(5.8, 6, { A: 0, B: { uses: null, created: 3 } }),
      list(6, 6.2, {}),
      join('u5', 6.8),
      list(9.7, 9.9, {}),
    ],
  },
  {
    why: 'a reading after an end makes gaps before it harmless',
    journal: [
      gap(1, 1.1),
      list(2, 4, {}),
      join('u1', 6, { at: 5.6 }),
      deleted('A', 5.6),
      list(4.8, 6.8, { A: { max: 1 } }),
      list(10.3, 10.5, {}),
      passed(20.6),
    ],
  },
  {
    why: 'a gap before its birth says nothing of the silence on an invite',
    journal: [
      list(0, 0.2, {}),
      gap(3.7, 3.9),
      join('u3', 9),
      created('B', 9.1, { created: 9, max: 2 }),
      deleted('B', 9.3),
      list(14.8, 15, {}),
      passed(30),
    ],
  },
  {
    why: 'an INVITE_CREATE that comes very late is a possible origin at once',
    journal: [
      list(0, 0.2, {}),
      join('u2', 10),
      list(12.1, 12.3, {}),
      created('A', 16, { created: 10 }),
      passed(26.1),
    ],
  },
  {
    why: 'a session lost just when the silence ends proves nothing',
    journal: [
      join('u1', 6),
      list(6.3, 6.5, { A: { max: 1 } }),
      list(7.1, 7.2, {}),
      session(12.2, 'lost'),
      list(14.4, 14.6, {}),
    ],
  },
  {
    why: 'a use of somebody unseen in a gap casts doubt along all that may have moved',
    journal: [
      list(0, 0.2, { A: 0, B: 0 }),
      gap(7, 8),
      join('x', 12.3),
      list(12.4, 12.6, { A: 0, B: 1 }),
      join('y', 13.2),
      list(16, 16.2, { A: 1, B: 1 }),
      passed(30),
    ],
  },
];
