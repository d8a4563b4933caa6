import type { Observation } from '../../packages/core/src/engine/observation.ts';
import {
  created,
  deleted,
  guild,
  join,
  list,
  passed,
  revoked,
  targets,
  vanity,
} from '../oracle/notation.ts';

/** The smallest journals on which the engine and the oracle once differed. Kept for ever. */
export const REGRESSIONS: readonly {
  readonly why: string;
  readonly journal: readonly Observation[];
}[] = [
  {
    why: 'a count missing in the first list is not 0',
    journal: [
      join('u1', 6),
      list(6.3, 6.5, { A: null, B: 0 }),
      list(10, 10.2, { A: 1, B: 0 }),
      passed(20),
    ],
  },
  {
    why: 'a count missing in the first list leaves no surplus later',
    journal: [
      list(2, 2.2, { A: 0, D: null }),
      list(5.7, 5.9, { A: 0, D: 1 }),
      join('u1', 6),
      join('u2', 6.2),
      list(9.4, 9.6, { A: 2, D: 1 }),
      list(13.1, 13.3, { A: 2, D: 1 }),
      passed(23),
    ],
  },
  {
    why: 'an assumption under which nothing is known is not likely',
    journal: [
      list(5.8, 6, { B: 0 }),
      join('u1', 6),
      join('u2', 6.2),
      list(9.5, 9.7, { B: 0 }),
      list(13.2, 13.4, {}),
      passed(24),
    ],
  },
  {
    why: 'no lag leaves the role as the only word',
    journal: [
      join('u2', 6.2, { roles: ['vip'] }),
      join('u1', 6, { at: 6.4 }),
      list(6.3, 6.5, { A: { uses: 0, roles: ['vip'] } }),
      list(7.1, 7.3, { A: { uses: 0, roles: ['vip'] } }),
      list(10.8, 11, { A: { uses: 1, roles: ['vip'] } }),
      passed(24),
    ],
  },
  {
    why: 'an invite known to be revoked before any list showed it was not used up',
    journal: [
      join('u1', 6),
      join('u2', 6.2),
      revoked('C', 7.7, 7.8, null),
      list(6.3, 8.3, { C: { uses: 0, max: 2 } }),
      list(11.8, 12, {}),
      passed(24),
    ],
  },
  {
    why: 'an INVITE_CREATE that comes after the revocation revives nothing',
    journal: [
      deleted('A', 2.1),
      revoked('A', 2, 2.1, 0),
      created('A', 2.5, { created: 1, max: 1 }),
      join('u1', 6),
      list(6.3, 6.5, {}),
      list(10, 10.2, {}),
      passed(20),
    ],
  },
  {
    why: 'the audit log alone tells of an invite that nobody knew',
    journal: [
      list(0, 0.2, {}),
      join('u1', 6),
      list(7.4, 7.6, {}),
      revoked('A', 8.9, 9, 1),
      list(11.9, 12.1, {}),
      passed(24),
    ],
  },
  {
    why: 'a list may show an invite a little after its revocation',
    journal: [
      guild(0, 'vain'),
      vanity(0.5, 0.7, 'vain', 50),
      list(6.3, 6.5, { A: 0 }),
      revoked('B', 6.2, 6.8, 0),
      list(7.1, 7.3, { A: 0, B: { uses: 0, created: 6 } }),
      created('B', 7.3, { created: 6 }),
      join('u2', 8.5),
      vanity(9.7, 9.9, 'vain', 50),
      list(10.8, 11, { A: 0 }),
      list(14.5, 14.7, { A: 0 }),
      vanity(18.9, 19.1, 'vain', 50),
      passed(29),
    ],
  },
  {
    why: 'an unreadable vanity counter holds back no answer',
    journal: [
      guild(0, 'vain'),
      vanity(0.5, 0.7, 'vain', 50),
      join('u1', 6),
      join('u2', 6.2),
      list(6.3, 6.5, { A: 2, B: 0 }),
      list(10.2, 10.4, { A: 2, B: 1 }),
      vanity(10.5, 10.7, 'vain', null),
      list(13.9, 14.1, { A: 2, B: 1 }),
      passed(24),
    ],
  },
  {
    why: 'a vanity count that lags is not counted twice',
    journal: [
      guild(0, 'vain'),
      list(0, 0.2, { A: 0 }),
      vanity(0.5, 0.7, 'vain', 50),
      join('u1', 6),
      list(6.3, 6.5, { A: 0 }),
      vanity(6.6, 6.7, 'vain', 51),
      join('u2', 7),
      list(7.2, 7.3, { A: 0 }),
      vanity(7.4, 7.5, 'vain', 50),
      vanity(10.7, 10.8, 'vain', 51),
      list(10.9, 11, { A: 0 }),
      passed(24),
    ],
  },
  {
    why: 'a deletion seen before the first list that shows the invite',
    journal: [
      deleted('A', 2.1),
      list(5.8, 6, { A: 0 }),
      join('u1', 6),
      join('u4', 6.6),
      list(22, 24, {}),
      list(27.5, 27.7, {}),
      passed(37),
    ],
  },
  {
    why: 'a target list read before and after excludes',
    journal: [
      targets('B', 0, 0, ['u1']),
      list(0, 0.2, { A: 0, B: { uses: 0, expires: 6 } }),
      join('u1', 6),
      deleted('B', 6.1),
      join('u3', 6.4),
      list(7.4, 7.6, { A: 1 }),
      targets('B', 7.7, 7.8, ['u1']),
      list(11.1, 11.3, { A: 1 }),
      passed(22),
    ],
  },
];
