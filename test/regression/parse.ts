import type {
  GatewayStep,
  GivenGuild,
  GivenInvite,
  ListAnswer,
  Perms,
  Row,
  Step,
} from './notation.ts';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000 };
const PARTS = ['given', 'do', 'true', 'first', 'expect', 'calls', 'other world:'] as const;
type Part = (typeof PARTS)[number];

/** Reads a table of rows; a row begins where a line begins at the margin. */
export function rowsOf(table: string): Row[] {
  const texts = table.split(/^(?=\S)/m).filter((text) => text.trim() !== '');
  return texts.map(rowOf);
}

function rowOf(text: string): Row {
  const [head = '', ...lines] = text.trimEnd().split('\n');
  const [, id = '', title = ''] = /^(\S+) (.+)$/.exec(head) ?? [];
  const parts = partsOf(id, lines);
  const required = (part: Part): string => parts.get(part)?.join(', ') ?? fail(id, `no ${part}`);
  return {
    id,
    title,
    given: required('given')
      .split('|')
      .map((guild) => guildOf(id, guild)),
    steps: listed(required('do')).map((step) => stepOf(id, step)),
    truth: answersOf(id, listed(parts.get('true')?.join(', ') ?? '')),
    first: answersOf(id, parts.get('first') ?? []),
    expect: answersOf(id, parts.get('expect') ?? []),
    calls: parts.get('calls')?.join(', ') ?? null,
    otherWorld: parts.get('other world:')?.join(' ') ?? null,
  };
}

/** Lines by their first word; a line without one continues the one before. */
function partsOf(id: string, lines: readonly string[]): Map<Part, string[]> {
  const parts = new Map<Part, string[]>();
  let current: Part | null = null;
  for (const line of lines.map((each) => each.trim()).filter((each) => each !== '')) {
    const part = PARTS.find((name) => line.startsWith(`${name} `)) ?? null;
    current = part ?? current ?? fail(id, `"${line}" belongs to nothing`);
    const rest = part === null ? line : line.slice(part.length).trim();
    parts.set(current, [...(parts.get(current) ?? []), rest]);
  }
  return parts;
}

function listed(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** `u1 u2 = A certain` */
function answersOf(id: string, lines: readonly string[]): Map<string, string> {
  const answers = new Map<string, string>();
  for (const line of lines) {
    const at = line.indexOf(' = ');
    if (at === -1) fail(id, `"${line}" says nothing of anybody`);
    for (const member of line.slice(0, at).split(' ')) answers.set(member, line.slice(at + 3));
  }
  return answers;
}

function guildOf(id: string, text: string): GivenGuild {
  const [state = '', ...settings] = text.split(';').map((part) => part.trim());
  const tokens = state.split(' ').filter((token) => token !== '' && token !== 'no-invites');
  const vanity = tokens.find((token) => token.startsWith('V'));
  const invites = tokens.filter((token) => token !== vanity).map((token) => inviteOf(id, token));
  const value = (name: string): string | undefined =>
    settings.find((setting) => setting.startsWith(`${name} `))?.slice(name.length + 1);
  const start = settings.includes('cold') ? 'cold' : settings.includes('away') ? 'away' : 'known';
  return {
    invites,
    vanityUses: vanity === undefined ? null : Number(vanity.slice(1)),
    latencyMs: Number(value('latency') ?? 4),
    perms: (value('perms') ?? 'all') as Perms,
    vanityAnswer: (value('vanity') ?? 'ok') as ListAnswer,
    start,
  };
}

function inviteOf(id: string, token: string): GivenInvite {
  const found = /^([A-Z])(\d*)(?:\/(\d+))?(?:~(\d+)s)?(!?)$/.exec(token);
  if (!found) return fail(id, `"${token}" is no invite`);
  const [, name = '', uses, maxUses, seconds, nobody] = found;
  return {
    name,
    uses: Number(uses || 0),
    maxUses: Number(maxUses ?? 0),
    expiresInMs: seconds === undefined ? null : Number(seconds) * 1_000,
    inviter: nobody !== '!',
  };
}

type Found = readonly (string | undefined)[];
type Bare = Step extends infer Each ? (Each extends Step ? Omit<Each, 'guild'> : never) : never;

const GATEWAY = /^(CONNECT|OUTAGE|BACK|KICKED|INVITED|LOST|RESUMED|NEW SESSION|STOP|START)$/;

const STEPS: readonly (readonly [RegExp, (found: Found, id: string) => Bare])[] = [
  [GATEWAY, ([event]) => ({ kind: 'gateway', event: event as GatewayStep })],
  [
    /^\+([A-Z])(?: x(\d+))?$/,
    ([code = '', times = '1']) => ({ kind: 'count', code, times: Number(times) }),
  ],
  [/^NEW (\S+)$/, ([token = ''], id) => ({ kind: 'new', invite: inviteOf(id, token), told: true })],
  [
    /^(\S+) appears$/,
    ([token = ''], id) => ({ kind: 'new', invite: inviteOf(id, token), told: false }),
  ],
  [/^DEL ([A-Z])(?: by (\w+))?$/, ([code = '', by]) => ({ kind: 'del', code, by: by ?? null })],
  [/^EXPIRE ([A-Z])$/, ([code = '']) => ({ kind: 'expire', code })],
  [/^ADD ([\w.#]+) again$/, ([member = '']) => ({ kind: 'again', member })],
  [
    /^ADD ([\w.#]+)(?: by (\w+))?$/,
    ([member = '', by]) => ({ kind: 'add', member, by: by ?? null }),
  ],
  [/^LEAVE ([\w.#-]+)$/, ([member = '']) => ({ kind: 'leave', member })],
  [/^VANITY ([A-Z])(\d+)$/, ([code = '', uses]) => ({ kind: 'vanity', code, uses: Number(uses) })],
  [
    /^(\d+) (ms|s|min)$/,
    ([count, unit = '']) => ({ kind: 'pass', ms: Number(count) * UNIT_MS[unit]! }),
  ],
  [/^(idle|quiet)$/, ([kind]) => ({ kind: kind as 'idle' | 'quiet' })],
  [
    /^(invites|vanity|members) (500|503|403|uncounted|ok)$/,
    ([of, answer]) => ({ kind: 'answers', of: of as 'invites', answer: answer as ListAnswer }),
  ],
  [/^latency (\d+)$/, ([ms]) => ({ kind: 'latency', ms: Number(ms) })],
  [
    /^perms (all|none|manage|audit|channels)$/,
    ([perms]) => ({ kind: 'perms', perms: perms as Perms }),
  ],
];

function stepOf(id: string, text: string): Step {
  const second = text.startsWith('g2 ');
  const words = second ? text.slice(3) : text;
  for (const [pattern, make] of STEPS) {
    const found = pattern.exec(words);
    if (found) return { guild: second ? 1 : 0, ...make(found.slice(1), id) } as Step;
  }
  return fail(id, `"${text}" is no step`);
}

function fail(id: string, why: string): never {
  throw new Error(`row ${id}: ${why}`);
}
