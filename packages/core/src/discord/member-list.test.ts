import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MEMBERS_PER_PAGE, membersFromPayload } from './member-list.ts';

const entry = (id: string, change: object = {}) => ({
  user: { id },
  joined_at: '1970-01-01T00:00:01.500Z',
  roles: ['31'],
  ...change,
});

test('a page names its members, and a short one is the last', () => {
  assert.deepEqual(membersFromPayload([entry('20', { user: { id: '20', bot: true } })]), {
    kind: 'read',
    value: {
      members: [
        {
          profile: {
            userId: '20',
            username: '20',
            displayName: '20',
            bot: true,
            createdAt: 1_420_070_400_000,
            hasAvatar: false,
          },
          joinedAt: 1_500,
          roleIds: ['31'],
        },
      ],
      next: null,
    },
  });
});

test('a full page goes on after the highest id, whatever its order', () => {
  const ids = Array.from({ length: MEMBERS_PER_PAGE }, (_, n) => String(100 + n));
  const page = membersFromPayload([...ids.slice(500), ...ids.slice(0, 500)].map((id) => entry(id)));
  assert.equal(page.kind === 'read' && page.value.next, '1099');
});

test('entries that cannot be read are left out, and the page goes on', () => {
  const odd = [null, 7, {}, entry('x'), entry('21', { joined_at: null }), entry('22')];
  const page = membersFromPayload(odd);
  assert.deepEqual(
    page.kind === 'read' && page.value.members.map(({ profile }) => profile.userId),
    ['22'],
  );
});

test('a guest is no member, whatever joined_at says', () => {
  const page = membersFromPayload([entry('20', { flags: 16 }), entry('21', { flags: 1 })]);
  assert.deepEqual(
    page.kind === 'read' && page.value.members.map(({ profile }) => profile.userId),
    ['21'],
  );
});

test('what is no list, or a full page of nobody, is malformed', () => {
  const nobody = Array.from({ length: MEMBERS_PER_PAGE }, () => null);
  for (const value of [null, {}, 'members', 7, undefined, nobody]) {
    assert.equal(membersFromPayload(value).kind, 'malformed');
  }
});
