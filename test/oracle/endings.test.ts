import { describe, it } from 'node:test';
import { expectAnswers } from './expect-answers.ts';
import {
  access,
  channelDeleted,
  created,
  deleted,
  join,
  list,
  passed,
  revoked,
  session,
} from './notation.ts';

describe('the oracle, where invites end', () => {
  const oneUse = { A: { uses: 0, max: 1 } };

  it('counts the last use of an invite once the audit log was silent for five seconds', () => {
    const journal = [list(0, 0.2, oneUse), deleted('A', 10), join('x', 10), list(10.2, 10.4, {})];
    expectAnswers([...journal, passed(15)], ['x likely invite:A of invite:A no-invite if used-up']);
    expectAnswers([...journal, passed(15.001)], ['x certain invite:A of invite:A']);
  });

  it('waits for the silence of a session that is whole', () => {
    const journal = [
      list(0, 0.2, oneUse),
      deleted('A', 10),
      join('x', 10),
      list(10.2, 10.4, {}),
      session(12, 'lost'),
      session(14, 'resumed'),
    ];
    expectAnswers([...journal, passed(19)], ['x likely invite:A of invite:A no-invite if used-up']);
    expectAnswers([...journal, passed(19.001)], ['x certain invite:A of invite:A']);
  });

  it('reads no silence where the audit log cannot be read', () => {
    const journal = [
      access(0, false),
      list(0, 0.2, oneUse),
      deleted('A', 10),
      join('x', 10),
      list(10.2, 10.4, {}),
      passed(30),
    ];
    expectAnswers(journal, ['x likely invite:A of invite:A no-invite if used-up']);
  });

  it('believes the final count of a revoked invite', () => {
    const journal = (final: number) => [
      list(0, 0.2, oneUse),
      deleted('A', 10),
      revoked('A', 10, 10.1, final),
      join('x', 10),
      list(10.2, 10.4, {}),
      passed(30),
    ];
    expectAnswers(journal(0), ['x likely no-invite of no-invite']);
    expectAnswers(journal(1), ['x certain invite:A of invite:A']);
  });

  it('gives no join after its end to a revoked invite', () => {
    const journal = [
      list(0, 0.2, { A: 4 }),
      revoked('A', 9, 9.1, null),
      join('x', 9.5),
      join('y', 9.6),
      list(10.2, 10.4, {}),
      passed(30),
    ];
    expectAnswers(journal, [
      'x ambiguous ? of invite:A no-invite',
      'y likely no-invite of no-invite',
    ]);
  });

  it('counts nothing on an invite that expired', () => {
    const journal = [
      list(0, 0.2, { A: { uses: 0, max: 1, expires: 10 } }),
      join('x', 9.5),
      list(10.2, 10.4, {}),
      passed(30),
    ];
    expectAnswers(journal, ['x ambiguous ? of invite:A no-invite']);
  });

  it('counts nothing on an invite whose channel was deleted', () => {
    const journal = [
      list(0, 0.2, oneUse),
      join('x', 10),
      deleted('A', 10.1),
      list(10.2, 10.4, {}),
      channelDeleted('general', 10.6),
      passed(30),
    ];
    expectAnswers(journal, ['x ambiguous ? of invite:A no-invite']);
  });

  it('counts a one-use invite that no list ever showed', () => {
    const journal = [
      list(0, 0.2, {}),
      created('N', 8, { max: 1 }),
      join('x', 10),
      deleted('N', 10.1),
      list(10.2, 10.4, {}),
      passed(20),
    ];
    expectAnswers(journal, ['x certain invite:N of invite:N']);
  });

  it('reads the count of a list that was under way when the invite was deleted', () => {
    const journal = [
      list(0, 0.2, { A: { uses: 0, max: 5 } }),
      join('x', 9.5),
      deleted('A', 10),
      list(9.9, 10.4, { A: { uses: 1, max: 5 } }),
      revoked('A', 9.9, 10.6, 1),
      passed(30),
    ];
    expectAnswers(journal, ['x certain invite:A of invite:A']);
  });
});
