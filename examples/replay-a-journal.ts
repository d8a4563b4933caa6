/**
 * The engine alone: a journal goes in, answers come out. No clock, no network, no bot.
 *
 *   node examples/replay-a-journal.ts [journal.jsonl]
 *
 * A journal is a list of observations, one JSON object a line, as they came, or a file that
 * `npm run journal -- export` wrote. The same journal always gives the same answers.
 */
import { readFileSync } from 'node:fs';
import {
  type Attribution,
  emptyState,
  guildState,
  type Observation,
  type Origin,
  type StoredState,
  step,
} from 'wherefrom';

/** One invite `docs`, one for a single use: `gift`. Times are milliseconds on Discord's clock. */
const OURS = `
{"kind":"access","at":0,"counts":true,"auditLog":true}
{"kind":"gap","at":0,"from":0,"to":0,"cause":"first-start"}
${list(4_100, [invite('docs', 5, 0), invite('gift', 0, 1)])}
{"kind":"invite-deleted","at":60000,"code":"gift","channelId":"40"}
${join(60_030, '101')}
${list(60_200, [invite('docs', 5, 0)])}
{"kind":"time","at":65001}
${join(90_000, '102')}
${join(90_000, '103')}
${list(90_150, [invite('docs', 6, 0)])}
${list(91_500, [invite('docs', 6, 0)])}
${list(94_400, [invite('docs', 6, 0)])}
{"kind":"time","at":98000}
`;

const [file] = process.argv.slice(2);
const text = file === undefined ? OURS : readFileSync(file, 'utf8');
const answers = new Map<string, Attribution>();
let state = emptyState();
for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
  const content = JSON.parse(line) as Observation | { readonly state: StoredState };
  // Where the recording began: what the engine knew by then.
  if (!('kind' in content)) {
    if ('state' in content) state = guildState(content.state);
    continue;
  }
  const taken = step(state, content);
  state = taken.state;
  for (const effect of taken.effects) {
    if (effect.kind !== 'record') continue;
    const { userId, joinedAt } = effect.attribution;
    // An answer may change until it is settled: the latest one counts.
    answers.set(`${userId} ${joinedAt}`, effect.attribution);
  }
}
for (const answer of answers.values()) console.log(words(answer));

function words({ userId, origin, certainty, candidates, settled }: Attribution): string {
  const ways = origin === null ? candidates.map((each) => each.origin) : [origin];
  return `${userId}: ${ways.map(nameOf).join(' or ')}, ${certainty}${settled ? '' : ' (so far)'}`;
}

function nameOf(origin: Origin): string {
  return 'code' in origin ? `${origin.kind} ${origin.code}` : origin.kind;
}

function list(at: number, invites: readonly object[]): string {
  return JSON.stringify({ kind: 'invites', at, requestedAt: at - 80, invites, complete: true });
}

function invite(code: string, uses: number, maxUses: number): object {
  const of = { code, inviterId: '9', channelId: '40', uses, maxUses };
  return { ...of, createdAt: 0, expiresAt: null, roleIds: [], targeted: false, bypass: false };
}

function join(at: number, userId: string): string {
  const of = { kind: 'join', at, userId, joinedAt: at - 20, bot: false, guest: false };
  return JSON.stringify({ ...of, roleIds: [], replayed: false, member: null });
}
