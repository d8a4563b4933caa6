import type { Faults } from '../faults.ts';
import type { Reply } from './reply.ts';

type Target = { readonly route: string; readonly guildId: string | undefined };
type Fields = Readonly<Record<string, unknown>>;
type Found = Fields & { readonly members: readonly Fields[] };

/** Puts into an answer what a careless reader trips over, if a fault asks for it. */
export function spoil(reply: Reply, faults: Faults, target: Target): Reply {
  const { status, body } = reply;
  if (status !== 200) return reply;
  if (Array.isArray(body) && target.route.endsWith('/invites')) {
    return { ...reply, body: spoilList(body, faults, target) };
  }
  if (!target.route.endsWith('/members-search')) return reply;
  return { ...reply, body: spoilSearch(body as Found, faults, target) };
}

function spoilList(list: readonly unknown[], faults: Faults, target: Target): readonly unknown[] {
  let entries = list;
  if (faults.strike('nullEntries', target) !== null) entries = [null, ...entries, null];
  if (faults.strike('malformedEntries', target) !== null) entries = [...MALFORMED, ...entries];
  return entries;
}

function spoilSearch(found: Found, faults: Faults, target: Target): Fields {
  const future = faults.strike('futureSource', target);
  const change = future === null ? {} : { join_source_type: future.type ?? 99 };
  const records = found.members.map((entry) => ({ ...entry, ...change }));
  let members: readonly unknown[] = records;
  if (faults.strike('malformedEntries', target) !== null) {
    members = [...MALFORMED, ...records.flatMap(brokenCopies)];
  }
  if (faults.strike('strangers', target) !== null) members = [stranger(records[0]), ...members];
  if (faults.strike('nullEntries', target) !== null) members = [null, ...members, null];
  const isWrong = faults.strike('wrongGuild', target) !== null;
  return {
    ...found,
    guild_id: isWrong ? `${BigInt(String(found.guild_id)) + 1n}` : found.guild_id,
    members,
    page_result_count: members.length,
  };
}

// Shapes that the schema forbids and a proxy or a bad day produces all the same.
const MALFORMED: readonly unknown[] = [
  {},
  { code: 42, uses: '7' },
  { code: 'malformed1', uses: null, channel: null, created_at: 'yesterday' },
  { code: 'malformed2', uses: -1, inviter: 'somebody' },
  'not an object',
];

/** One record, broken at one place after the other. */
function brokenCopies(entry: Fields): Fields[] {
  const member = entry.member as Fields;
  const { joined_at: _, ...undated } = member;
  return [
    { ...entry, member: null },
    { ...entry, member: { ...member, user: null } },
    { ...entry, member: undated },
    { ...entry, member: { ...member, joined_at: 'yesterday' } },
    { ...entry, source_invite_code: 42 },
    { ...entry, join_source_type: '5' },
    { ...entry, inviter_id: {} },
  ];
}

/** Somebody else's record, with the time of the first one. */
function stranger(first: Fields | undefined): Fields {
  const user = { id: '100000000000000009', username: 'stranger', discriminator: '0' };
  return {
    member: { joined_at: '2026-01-01T00:00:00.000000+00:00', ...(first?.member as object), user },
    source_invite_code: 'elsewhere',
    join_source_type: 5,
    inviter_id: null,
  };
}
