import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Attribution, Candidate, InviteCode, Origin, UserId } from 'wherefrom';
import { attributionOf, CODE, GRACE, inviteOrigin, NOON, userOf } from '../storage/examples.ts';
import type { JoinFacts, LeaveFacts } from './facts.ts';
import { composeLine } from './line.ts';

const NAMES: Readonly<Record<string, string>> = { [GRACE]: 'Grace' };
const nameOf = (userId: UserId) => NAMES[userId] ?? null;
const VANITY: Origin = { kind: 'vanity', code: 'home' as InviteCode };
const ADA = `<@${userOf(1)}> **Ada**`;
const BY_GRACE = `by **Grace** (${GRACE})`;

describe('composeLine', () => {
  const joins: readonly [what: string, facts: JoinFacts, full: string][] = [
    [
      'an invite with inviter and uses',
      join(),
      `joined with \`abcDEF12\` ${BY_GRACE} · 12 uses so far`,
    ],
    [
      'an inviter whose name is not known, by id',
      join({ origin: inviteOrigin(CODE, userOf(9)) }),
      `joined with \`abcDEF12\` by user ${userOf(9)} · 12 uses so far`,
    ],
    [
      'an invite without inviter',
      join({ origin: inviteOrigin(CODE, null) }),
      'joined with `abcDEF12` (Discord names no inviter) · 12 uses so far',
    ],
    [
      'the vanity link',
      join({ origin: VANITY }),
      'joined with the vanity link `home` · 12 uses so far',
    ],
    [
      'a bot',
      join({ origin: { kind: 'bot', adderId: GRACE } }),
      `joined as a bot added ${BY_GRACE}`,
    ],
    [
      'a bot without adder',
      join({ origin: { kind: 'bot', adderId: null } }),
      'joined as a bot, added by somebody the audit log does not name',
    ],
    [
      'an approved request',
      join({ origin: { kind: 'application', code: CODE }, certainty: 'ambiguous' }),
      'joined by an approved request with `abcDEF12` · 12 uses so far · ambiguous',
    ],
    [
      'no invite, with the reason and no code',
      join({ origin: { kind: 'no-invite' }, certainty: 'likely' }),
      'joined without an invite that Discord counts (Server Discovery, an app, a hub or an ' +
        'integration) · likely, because no count moved',
    ],
    [
      "Discord's own record",
      join({ origin: { kind: 'discovery' }, certainty: 'reported' }),
      "joined through Server Discovery · from Discord's own record",
    ],
    [
      'an unknown source with its reason',
      join({ origin: { kind: 'unknown', reason: 'no-permission' }, certainty: 'unknown' }),
      'joined (source unknown: without Manage Server the bot cannot read invite counts)',
    ],
    [
      'a likely answer with its assumption',
      join({ certainty: 'likely', assumptions: ['nobody-unseen'] }),
      `joined with \`abcDEF12\` ${BY_GRACE} · 12 uses so far · likely, assuming that nobody joined unseen while the bot was away`,
    ],
    [
      'an ambiguous join with every candidate and the sums',
      join(twoOfThree()),
      `joined with \`aaa\` ${BY_GRACE}, or with \`bbb\` (Discord names no inviter) ` +
        '(among these 3: 2 x `aaa`, 1 x `bbb`) · ambiguous',
    ],
    [
      'a returning member',
      { ...join(), returning: true },
      `joined with \`abcDEF12\` ${BY_GRACE} · 12 uses so far · returning`,
    ],
    [
      'a join told late, with its time',
      join({ seenAt: NOON + 120_000 }),
      `joined with \`abcDEF12\` ${BY_GRACE} · 12 uses so far · joined <t:${NOON / 1000}:f>`,
    ],
  ];
  for (const [what, facts, full] of joins) {
    it(`words ${what}`, () => assert.equal(composeLine(facts, nameOf).full, `${ADA} ${full}`));
  }

  it('flags an account younger than a week', () => {
    const userId = snowflakeAt(NOON - 3 * 86_400_000 - 3_600_000);
    const facts = { ...join({ userId }), userId };
    assert.match(composeLine(facts, nameOf).full, / · young account \(3 days 1 hour old\)$/);
  });

  it('names every code of up to 25 candidates and counts the rest', () => {
    const codes = Array.from({ length: 30 }, (_, index) => `code${index}`);
    const { full } = composeLine(join({ ...ambiguous(codes), group: null }), nameOf);
    for (const code of codes.slice(0, 25)) assert.ok(full.includes(`\`${code}\``));
    assert.ok(full.includes(' + 5 more · ambiguous'));
    assert.ok(!full.includes('code25'));
  });

  it('shows only the beginning of a concealed code', () => {
    const { full, short, bare } = composeLine({ ...join(), concealed: [CODE] }, nameOf);
    for (const text of [full, short, bare]) assert.ok(!text.includes('abcDEF12'));
    assert.ok(full.includes('`ab`… (hidden in a public channel)'));
  });

  it('names a member whose name is not known by mention and id', () => {
    const { full } = composeLine({ ...join(), name: null }, nameOf);
    assert.ok(full.startsWith(`<@${userOf(1)}> (${userOf(1)}) joined`));
  });

  const leaves: readonly [what: string, facts: LeaveFacts, full: string][] = [
    ['a leave', leave(), `left after 3 days 4 hours · had joined with \`abcDEF12\` ${BY_GRACE}`],
    [
      'a kick',
      leave({ removal: 'kicked' }),
      `was kicked after 3 days 4 hours · had joined with \`abcDEF12\` ${BY_GRACE}`,
    ],
    [
      'a ban of somebody unrecorded',
      leave({ removal: 'banned', joinedAt: null, attribution: null }),
      'was banned · no record of how they had come',
    ],
    [
      'a leave after a likely join',
      leave({ attribution: attributionOf({ certainty: 'likely' }) }),
      `left after 3 days 4 hours · had probably joined with \`abcDEF12\` ${BY_GRACE}`,
    ],
    [
      'a leave at once',
      leave({ leftAt: NOON + 400 }),
      `left after less than a second · had joined with \`abcDEF12\` ${BY_GRACE}`,
    ],
  ];
  for (const [what, facts, full] of leaves) {
    it(`words ${what}`, () => assert.equal(composeLine(facts, nameOf).full, `${ADA} ${full}`));
  }

  it('words the short and the bare line with member and code', () => {
    const { short, bare } = composeLine(join(), nameOf);
    assert.equal(short, `${ADA} joined: \`abcDEF12\``);
    assert.equal(bare, `<@${userOf(1)}> \`abcDEF12\``);
    assert.match(composeLine(join(twoOfThree()), nameOf).short, /joined: `aaa` or `bbb`$/);
  });

  it('keeps every line on one line, within a message, and the bare one within 52 characters', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.array(fc.string(), { maxLength: 40 }),
        (name, codes) => {
          const facts = { ...join(ambiguous(codes, userOf(7))), name };
          const { full, short, bare } = composeLine(facts, () => name.repeat(3));
          for (const text of [full, short, bare]) assert.doesNotMatch(text, /[\n\r]/);
          assert.ok(full.length <= 2_000, `${full.length}`);
          assert.ok(bare.length <= 52, bare);
        },
      ),
    );
  });
});

function join(changes: Partial<Attribution> = {}): JoinFacts {
  const attribution = attributionOf(changes);
  const { userId } = attribution;
  return { kind: 'join', userId, name: 'Ada', returning: false, attribution, concealed: [] };
}

function leave(changes: Partial<LeaveFacts> = {}): LeaveFacts {
  return {
    kind: 'leave',
    userId: userOf(1),
    name: 'Ada',
    leftAt: NOON + 3 * 86_400_000 + 4 * 3_600_000 + 5_000,
    joinedAt: NOON,
    removal: null,
    attribution: attributionOf(),
    concealed: [],
    ...changes,
  };
}

function ambiguous(
  codes: readonly string[],
  inviterId: UserId | null = null,
): Partial<Attribution> {
  const candidates: readonly Candidate[] = codes.map((code) => ({
    origin: inviteOrigin(code as InviteCode, inviterId),
    share: 1 / codes.length,
    uses: 1,
  }));
  const sums = candidates.map(({ origin }) => ({ origin, uses: 1 }));
  return { origin: null, certainty: 'ambiguous', candidates, group: { size: codes.length, sums } };
}

function twoOfThree(): Partial<Attribution> {
  const a = inviteOrigin('aaa' as InviteCode);
  const b = inviteOrigin('bbb' as InviteCode, null);
  return {
    origin: null,
    certainty: 'ambiguous',
    candidates: [
      { origin: a, share: 2 / 3, uses: 5 },
      { origin: b, share: 1 / 3, uses: 1 },
    ],
    group: {
      size: 3,
      sums: [
        { origin: a, uses: 2 },
        { origin: b, uses: 1 },
      ],
    },
  };
}

function snowflakeAt(time: number): UserId {
  return String(BigInt(time - 1_420_070_400_000) << 22n) as UserId;
}
