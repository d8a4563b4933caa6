import { describe, it } from 'node:test';
import { expectAnswers } from './expect-answers.ts';
import { botAdded, guild, join, leave, list, targets, vanity, vanityFailed } from './notation.ts';

describe('the oracle, on other ways in', () => {
  it('measures the vanity link by its own counter', () => {
    const journal = [
      guild(0, 'vain'),
      list(0, 0.2, { A: 3 }),
      vanity(0.2, 0.4, 'vain', 50),
      join('x', 10),
      list(10.2, 10.4, { A: 3 }),
      vanity(10.5, 10.6, 'vain', 51),
    ];
    expectAnswers(journal, ['x certain vanity:vain of vanity:vain']);
  });

  it('takes a lower vanity count for an old one', () => {
    const journal = [
      guild(0, 'vain'),
      list(0, 0.2, { A: 0 }),
      vanity(0.2, 0.4, 'vain', 50),
      join('x', 10),
      list(10.2, 10.3, { A: 0 }),
      vanity(10.3, 10.4, 'vain', 51),
      vanity(11, 11.1, 'vain', 50),
      join('y', 12),
      list(12.2, 12.3, { A: 0 }),
      vanity(15.6, 15.7, 'vain', 51),
      list(15.8, 15.9, { A: 0 }),
    ];
    expectAnswers(journal, [
      'x certain vanity:vain of vanity:vain',
      'y likely no-invite of no-invite',
    ]);
  });

  it('holds the vanity link possible while its counter cannot be read', () => {
    const journal = [
      guild(0, 'vain'),
      list(0, 0.2, { A: 3 }),
      vanity(0.2, 0.4, 'vain', 50),
      join('x', 10),
      list(10.2, 10.4, { A: 3 }),
      vanityFailed(10.6),
    ];
    expectAnswers(journal, ['x ambiguous ? of no-invite vanity:vain']);
  });

  it('never gives an invite to a bot', () => {
    const journal = [
      list(0, 0.2, { A: 3 }),
      join('robot', 10, { bot: true }),
      join('x', 10),
      list(10.2, 10.4, { A: 4 }),
    ];
    const x = 'x certain invite:A of invite:A';
    expectAnswers(journal, ['robot certain bot of bot', x]);
    expectAnswers([...journal, botAdded('robot', 11, 'boss')], ['robot reported bot of bot', x]);
  });

  it('lets the role on arrival tip the scales, never promise', () => {
    const journal = [
      list(0, 0.2, { A: { uses: 3, roles: ['vip'] }, B: 7 }),
      join('x', 10, { roles: ['vip'] }),
      join('y', 10.1),
      list(10.2, 10.4, { A: { uses: 4, roles: ['vip'] }, B: 8 }),
    ];
    expectAnswers(journal, [
      'x likely invite:A of invite:A invite:B if role-from-invite',
      'y ambiguous ? of invite:A invite:B',
    ]);
  });

  it('excludes a targeted invite by a reading before and one after the join', () => {
    const counts = [
      list(0, 0.2, { A: 3, B: 7 }),
      join('x', 10),
      join('y', 10.1),
      list(10.2, 10.4, { A: 4, B: 8 }),
    ];
    const before = targets('A', 8, 9.5, ['y']);
    const after = targets('A', 10.5, 11, ['y']);
    expectAnswers(
      [before, ...counts, after],
      ['x certain invite:B of invite:B', 'y certain invite:A of invite:A'],
    );
    expectAnswers(
      [...counts, after],
      ['x ambiguous ? of invite:A invite:B', 'y ambiguous ? of invite:A invite:B'],
    );
  });

  it('counts a repeated add once, and a return after a leave again', () => {
    const journal = [
      list(0, 0.2, { A: 3 }),
      join('x', 10),
      join('x', 10, { at: 10.2 }),
      join('x', 13),
      leave('x', 14),
      join('x', 15),
      list(15.2, 15.4, { A: 5 }),
    ];
    expectAnswers(journal, ['x certain invite:A of invite:A', 'x certain invite:A of invite:A']);
  });
});
