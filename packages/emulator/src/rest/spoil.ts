import type { Faults } from '../faults.ts';
import type { Reply } from './reply.ts';

type Target = { readonly route: string; readonly guildId: string | undefined };

/** Puts into an invite list what a careless reader trips over, if a fault asks for it. */
export function spoil(reply: Reply, faults: Faults, target: Target): Reply {
  if (!Array.isArray(reply.body) || !target.route.endsWith('/invites')) return reply;
  let entries: unknown[] = reply.body;
  if (faults.strike('nullEntries', target) !== null) entries = [null, ...entries, null];
  if (faults.strike('malformedEntries', target) !== null) entries = [...MALFORMED, ...entries];
  return { ...reply, body: entries };
}

// Shapes that the schema forbids and a proxy or a bad day produces all the same.
const MALFORMED: readonly unknown[] = [
  {},
  { code: 42, uses: '7' },
  { code: 'malformed1', uses: null, channel: null, created_at: 'yesterday' },
  { code: 'malformed2', uses: -1, inviter: 'somebody' },
  'not an object',
];
