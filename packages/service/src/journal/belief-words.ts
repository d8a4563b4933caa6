import type { AlikeJoins, Awaited, Belief, BelievedUses, Looked, WhyNot } from 'wherefrom';
import { escapeCode } from '../join-log/escape.ts';
import { countWords } from '../join-log/words.ts';
import type { Times } from './times.ts';
import { GAP_WORDS, limitWords, whoWords } from './words.ts';

/** A line of what is believed, and who and what it speaks of. */
export interface BeliefLine {
  readonly text: string;
  readonly users: readonly string[];
  readonly codes: readonly string[];
}

const NAMED_CODES = 8;

const WHY_NOT: Readonly<Record<WhyNot, string>> = {
  over: 'its uses were made before they joined',
  later: 'its uses were made after they joined',
  'target-list': 'it is for listed people, and they are not among them',
  approval: 'they joined by an approved request',
  others: "others made all of its uses, or some would be nobody's",
};

const ENDED: Readonly<Record<NonNullable<BelievedUses['vanished']>, string>> = {
  'used-up': 'it is gone, used up',
  revoked: 'it is gone, deleted',
  expired: 'it is gone, expired',
  'channel-deleted': 'it is gone with its channel',
  unexplained: 'it is gone, nothing tells why',
  pending: 'it is gone, why is not known yet',
};

const LOOKED: Readonly<Record<Looked, string>> = {
  list: 'the invite list',
  vanity: 'the vanity counter',
  members: 'a page of the member list',
  search: "Discord's own record",
};

/** All that is believed, line by line: uses, joins, what is awaited, what is in doubt. */
export function beliefLines(belief: Belief, times: Times): readonly BeliefLine[] {
  const uses = belief.uses.map((each) => usesLine(each, times));
  const joins = belief.joins.flatMap((alike) => joinsLines(alike, belief.uses, times));
  return [
    ...uses,
    ...joins,
    ...(belief.parked === 0
      ? []
      : [
          plainLine(
            `${countWords(belief.parked, 'settled join')} put aside: only a late event could reach them`,
          ),
        ]),
    ...belief.awaited.map((each) => awaitedLine(each, times)),
    ...doubtLines(belief, times),
  ];
}

function plainLine(text: string): BeliefLine {
  return { text, users: [], codes: [] };
}

function usesLine(uses: BelievedUses, times: Times): BeliefLine {
  const codes = codesIn(uses);
  const end = uses.vanished === null ? '' : ` (${ENDED[uses.vanished]})`;
  const span = `between ${times.at(uses.stepFrom)} and ${times.at(uses.answeredAt)}`;
  if (uses.source.kind === 'no-baseline') {
    return { text: `before ${times.at(uses.answeredAt)} nothing was counted`, users: [], codes };
  }
  const name = nameOf(uses);
  if (uses.counted === 0) {
    const text = `${name} may have been used ${limitWords(uses.limit)} ${span}${end}`;
    return { text, users: [], codes };
  }
  const left = uses.unclaimed === 0 ? '' : `, ${uses.unclaimed} of them claimed by nobody`;
  const counted = `${name} ${uses.fromUses} -> ${uses.toUses}: ${countWords(uses.counted, 'use')}`;
  return { text: `${counted} ${span}${end}${left}`, users: [], codes };
}

function joinsLines(
  alike: AlikeJoins,
  uses: readonly BelievedUses[],
  times: Times,
): readonly BeliefLine[] {
  const users = alike.joins.map(({ userId }) => userId);
  const candidates = alike.candidates.map((index) => uses[index]!);
  const who = whoWords(users);
  const first: BeliefLine = {
    text: `${who}: ${waysWords(alike, candidates)}${standingWords(alike, times)}`,
    users,
    codes: candidates.flatMap(codesIn),
  };
  return [first, ...notLines(alike, { users, candidates, uses })];
}

/** What was ruled out, codes with the same reason together. */
function notLines(
  { ruledOut }: AlikeJoins,
  scene: {
    readonly users: readonly string[];
    readonly candidates: readonly BelievedUses[];
    readonly uses: readonly BelievedUses[];
  },
): readonly BeliefLine[] {
  const own = new Set(scene.candidates.flatMap(codesIn));
  const reasons = Map.groupBy(ruledOut, ({ why }) => why);
  return [...reasons].flatMap(([why, each]) => {
    const codes = each.flatMap(({ uses: index }) => codesIn(scene.uses[index]!));
    const others = [...new Set(codes)].filter((code) => !own.has(code));
    if (others.length === 0) return [];
    const text = `  not ${someCodes(others.map(escapeCode), 'nor')} for ${whoWords(scene.users)}: ${WHY_NOT[why]}`;
    return [{ text, users: scene.users, codes: others }];
  });
}

function waysWords(alike: AlikeJoins, candidates: readonly BelievedUses[]): string {
  const names = [...new Set(candidates.map(nameOf))];
  const counted = candidates.some((uses) => uses.counted > 0);
  if (names.length === 0) return 'nothing that was counted is theirs so far';
  const ways = someCodes(names, 'or');
  if (!alike.unmatched) return ways;
  return counted
    ? `${ways}, or nothing that was counted`
    : `nothing that was counted; perhaps ${ways}`;
}

function standingWords({ standing, settleAt }: AlikeJoins, times: Times): string {
  switch (standing) {
    case 'settled':
      return ' (settled)';
    case 'reported':
      return " (answered by Discord's own record)";
    case 'closed':
      return ' (closed without an answer)';
    case 'open':
      return settleAt === null ? ' (open)' : ` (settles at ${times.at(settleAt)})`;
  }
}

function awaitedLine(awaited: Awaited, times: Times): BeliefLine {
  switch (awaited.kind) {
    case 'answer':
      return plainLine(
        `waits for ${LOOKED[awaited.of]}${awaited.askedAt === null ? '' : ` asked for at ${times.at(awaited.askedAt)}`}`,
      );
    case 'target-list': {
      const text = `waits for the list of those who may accept ${escapeCode(awaited.code)}`;
      return { text, users: [], codes: [awaited.code] };
    }
    case 'look':
      return plainLine(`reads ${LOOKED[awaited.of]} at ${times.at(awaited.due)}`);
    case 'sweep':
      return sweepLine(awaited, times);
    case 'silence': {
      const text = `takes ${escapeCode(awaited.code)} for used up if the audit log is silent until ${times.at(awaited.due)}`;
      return { text, users: [], codes: [awaited.code] };
    }
    case 'resume':
      return plainLine('waits for the connection to resume');
    case 'wake':
      return plainLine(`looks again at ${times.at(awaited.due)}`);
  }
}

function sweepLine(
  { span, begun, found }: Extract<Awaited, { readonly kind: 'sweep' }>,
  times: Times,
): BeliefLine {
  const who = `whoever joined unheard from ${times.at(span.since)} to ${times.at(span.until)}`;
  if (!begun) return plainLine(`looks for ${who} once anything shows that somebody did`);
  const so = found.length === 0 ? 'nobody so far' : `so far ${whoWords(found)}`;
  return { text: `looks in the member list for ${who}: ${so}`, users: found, codes: [] };
}

function doubtLines({ doubts }: Belief, times: Times): readonly BeliefLine[] {
  const { blind, gaps, refuted } = doubts;
  return [
    ...(blind ? [plainLine('the counts may not be read')] : []),
    ...gaps.map(({ from, to, cause }) =>
      plainLine(`in doubt: ${times.at(from)} to ${times.at(to)}, as ${GAP_WORDS[cause]}`),
    ),
    ...refuted.map((assumption) => plainLine(`in doubt: ${assumption}, refuted here this week`)),
  ];
}

function codesIn({ source }: BelievedUses): readonly string[] {
  return source.kind === 'no-baseline' ? [] : [source.code];
}

function nameOf({ source }: BelievedUses): string {
  switch (source.kind) {
    case 'invite':
      return escapeCode(source.code);
    case 'vanity':
      return `the vanity link ${escapeCode(source.code)}`;
    case 'no-baseline':
      return 'what was used before the first list';
  }
}

function someCodes(names: readonly string[], between: string): string {
  const more = names.length - NAMED_CODES;
  const shown = names.slice(0, NAMED_CODES).join(` ${between} `);
  return more > 0 ? `${shown} ${between} ${more} more` : shown;
}
