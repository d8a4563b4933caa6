import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Attribution,
  emptyState,
  type Observation,
  step,
} from '../../packages/core/src/index.ts';

/** Quirks of Discord that no other test shows alone; docs/quirks.md names them. */

const START: readonly object[] = [
  { kind: 'access', at: 0, counts: true, auditLog: true },
  { kind: 'gap', at: 0, from: 0, to: 0, cause: 'first-start' },
];

function invites(at: number, uses: Readonly<Record<string, number>>): object {
  const reading = { inviterId: '9', maxUses: 0, createdAt: 0, expiresAt: null };
  const plain = { ...reading, roleIds: [], targeted: false, bypass: false };
  const entries = Object.entries(uses).map(([code, count]) => {
    const maxUses = code.startsWith('once') ? 1 : 0;
    return { ...plain, code, uses: count, maxUses, channelId: `in-${code}` };
  });
  return { kind: 'invites', at, requestedAt: at - 80, invites: entries, complete: true };
}

function join(at: number, userId: string): object {
  const event = { kind: 'join', at, userId, joinedAt: at - 20, bot: false, guest: false };
  return { ...event, roleIds: [], replayed: false, member: null };
}

function guild(at: number, vanityCode: string | null, manualApproval = false): object {
  return { kind: 'guild', at, vanityCode, manualApproval };
}

/** The last answer for each member, in words. */
function answers(journal: readonly object[]): readonly string[] {
  const last = new Map<string, Attribution>();
  let state = emptyState();
  for (const observation of journal) {
    const taken = step(state, observation as Observation);
    state = taken.state;
    for (const effect of taken.effects) {
      if (effect.kind === 'record') last.set(effect.attribution.userId, effect.attribution);
    }
  }
  return [...last.values()].map(({ userId, origin, candidates, certainty }) => {
    const ways = origin === null ? candidates.map((each) => each.origin) : [origin];
    const names = ways.map((way) => ('code' in way ? `${way.kind} ${way.code}` : way.kind));
    return `${userId}: ${names.join(' or ')}, ${certainty}`;
  });
}

/** Three lists after a join, and time for the audit log to stay silent. */
function looks(from: number, uses: Readonly<Record<string, number>>): readonly object[] {
  const lists = [200, 1_500, 4_500].map((later) => invites(from + later, uses));
  return [...lists, { kind: 'time', at: from + 9_000 }, { kind: 'time', at: from + 14_000 }];
}

test('Q8: an invite that went with its channel was not used up', () => {
  const before = [...START, invites(4_100, { docs: 5, once: 0 })];
  const after = [join(60_050, '1'), ...looks(60_050, { docs: 5 })];
  const used = { kind: 'invite-deleted', at: 60_000, code: 'once', channelId: 'in-once' };
  const gone = { kind: 'channel-deleted', at: 60_000, channelId: 'in-once' };
  assert.deepEqual(answers([...before, used, ...after]), ['1: invite once, certain']);
  const [answer = ''] = answers([...before, gone, ...after]);
  assert.match(answer, /invite once or no-invite, ambiguous$/);
});

test('Q12: a null vanity answer moves no baseline', () => {
  const vanity = (at: number, code: string | null, uses: number | null): object => ({
    kind: 'vanity',
    at,
    requestedAt: at - 80,
    code,
    uses,
  });
  const journal = [
    START[0]!,
    guild(0, 'town'),
    START[1]!,
    invites(4_100, { docs: 5 }),
    vanity(4_200, 'town', 10),
    join(60_000, '1'),
    invites(60_200, { docs: 5 }),
    vanity(60_300, null, null),
    vanity(62_000, 'town', 11),
    invites(64_500, { docs: 5 }),
    { kind: 'time', at: 70_000 },
  ];
  assert.deepEqual(answers(journal), ['1: vanity town, certain']);
});

test('Q28: an approved member is never certain to have come by the code that rose', () => {
  const journal = (manualApproval: boolean): readonly object[] => [
    START[0]!,
    guild(0, null, manualApproval),
    START[1]!,
    invites(4_100, { docs: 5, forum: 2 }),
    join(60_000, '1'),
    ...looks(60_000, { docs: 6, forum: 2 }),
  ];
  assert.deepEqual(answers(journal(false)), ['1: invite docs, certain']);
  const [answer = ''] = answers(journal(true));
  assert.doesNotMatch(answer, /certain/);
  assert.match(answer, /application/);
});
