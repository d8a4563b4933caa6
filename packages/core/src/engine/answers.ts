import type { AskAssumptions, Assumed } from './assumptions.ts';
import type {
  AssumptionName,
  Attribution,
  Candidate,
  Certainty,
  Evidence,
  JoinGroup,
  Origin,
} from './attribution.ts';
import { gapOver } from './gaps.ts';
import type { InviteCode } from './ids.ts';
import {
  agreed,
  keyOfClass,
  keysOf,
  NO_BASELINE,
  NO_INVITE,
  type OriginKey,
  originOfClass,
} from './origins.ts';
import { divideUses } from './shares.ts';
import type { Gap } from './state.ts';
import type { UseClass, WindowJoin } from './window.ts';
import type { Problem, Worlds } from './worlds.ts';

/** The part of an attribution that members of one group share. */
export type Answer = Pick<
  Attribution,
  'origin' | 'certainty' | 'candidates' | 'group' | 'assumptions' | 'evidence'
> & { readonly signature: string };

export interface AnswerContext {
  readonly problem: Problem;
  readonly worlds: Worlds;
  readonly assumed: AskAssumptions;
  readonly gaps: readonly Gap[];
  /** Groups whose answer somebody who joined in a gap may have changed. */
  readonly doubted: ReadonlySet<number>;
  /** Whether it is closed now, while somebody whose event is on its way may still change its answer. */
  readonly isClosedEarly: (join: WindowJoin, group: number) => boolean;
  /** Basic assumptions that this guild refuted lately. */
  readonly refuted: readonly AssumptionName[];
  /** Codes that a join by approval may have used. */
  readonly usedCodes: readonly InviteCode[];
}

const MAX_EVIDENCE = 8;

/** Answers for the joins of one problem; members of a group share one object. */
export function answersFor(context: AnswerContext): (join: WindowJoin, group: number) => Answer {
  const known = new Map<string, Answer>();
  const divided = new Map<number, ReturnType<typeof divideUses>>();
  const shares = (cluster: number): ReturnType<typeof divideUses> => {
    const done = divided.get(cluster);
    if (done !== undefined) return done;
    const table = divideUses(context.problem, context.worlds, cluster);
    divided.set(cluster, table);
    return table;
  };
  const keysOfGroup = context.worlds.answers.map((answer) =>
    keysOf(answer, context.problem.classes),
  );
  return (join, group) => {
    const keys = keysOfGroup[group]!;
    const approved = join.approved && context.worlds.answers[group]!.unmatched;
    const whole = approved ? null : agreed(keys);
    const assumed = approved || whole !== null ? null : context.assumed(join, group);
    const looks = context.worlds.answers[group]!.unmatched
      ? `${join.lists}/${join.vanityReadings}`
      : '';
    const early = context.isClosedEarly(join, group);
    const name = `${group}|${early}|${approved}|${assumed?.key}|${assumed?.assumption}|${looks}|${join.whileAway}`;
    let answer = known.get(name);
    if (!answer) {
      if (approved) answer = approvedAnswer(context, group, keys);
      else answer = plainAnswer(context, join, group, { keys, whole, assumed }, shares);
      known.set(name, answer);
    }
    return answer;
  };
}

interface Conclusion {
  readonly keys: readonly OriginKey[];
  readonly whole: OriginKey | null;
  readonly assumed: Assumed | null;
}

function plainAnswer(
  context: AnswerContext,
  join: WindowJoin,
  group: number,
  conclusion: Conclusion,
  shares: (cluster: number) => ReturnType<typeof divideUses>,
): Answer {
  const { whole, assumed } = conclusion;
  const evidence = evidenceFor(context, join, group);
  if (whole === NO_BASELINE) {
    const origin: Origin = { kind: 'unknown', reason: 'no-baseline' };
    return signed({
      origin,
      certainty: 'unknown',
      candidates: [],
      group: null,
      assumptions: [],
      evidence,
    });
  }
  const caps = capsOf(context, join, group);
  const certainty = certaintyOf(conclusion, caps);
  const decided = whole ?? assumed?.key ?? null;
  const divide = certainty === 'ambiguous';
  const { cluster } = context.worlds.answers[group]!;
  const cells = divide ? (shares(cluster)?.get(group) ?? null) : null;
  const candidates = conclusion.keys.map((key) => candidateFor(context, group, key, cells));
  const origin = decided === null ? null : originFor(context, group, decided);
  return signed({
    origin,
    certainty,
    candidates,
    group: divide ? groupSums(context, cluster) : null,
    assumptions: assumed ? [assumed.assumption] : certainty === 'likely' ? caps : [],
    evidence,
  });
}

function certaintyOf({ whole, assumed }: Conclusion, caps: readonly AssumptionName[]): Certainty {
  if (whole === null) return assumed === null ? 'ambiguous' : 'likely';
  return whole === NO_INVITE || caps.length > 0 ? 'likely' : 'certain';
}

/** What keeps an answer that all admitted worlds share from being certain. */
function capsOf(context: AnswerContext, join: WindowJoin, group: number): AssumptionName[] {
  const { worlds, doubted, isClosedEarly } = context;
  const { cluster } = worlds.answers[group]!;
  const caps: AssumptionName[] = [];
  if (worlds.surplus(cluster) > 0) caps.push('surplus-is-not-theirs');
  if (doubted.has(group) || join.whileAway || isClosedEarly(join, group)) {
    caps.push('nobody-unseen');
  }
  return [...caps, ...context.refuted];
}

function candidateFor(
  context: AnswerContext,
  group: number,
  key: OriginKey,
  cells: ReadonlyMap<number, number> | null,
): Candidate {
  const { problem, worlds } = context;
  const size = problem.groups[group]!.joins.length;
  const own = worlds.answers[group]!.classes.filter(
    (index) => keyOfClass(problem.classes[index]!) === key,
  );
  const uses = own.map((index) => problem.classes[index]!);
  const countedIndices = own.filter((index) => problem.classes[index]!.counted > 0);
  const columns = key === NO_INVITE ? [-1] : countedIndices;
  const share =
    cells === null || columns.length === 0
      ? null
      : columns.reduce((total, column) => total + (cells.get(column) ?? 0), 0) / size;
  const invite = uses[0]?.source.kind === 'no-baseline' ? undefined : uses[0];
  return {
    origin: originFor(context, group, key),
    share,
    uses: invite ? Math.max(...uses.map((one) => one.toUses)) : null,
  };
}

function originFor(context: AnswerContext, group: number, key: OriginKey): Origin {
  const { problem } = context;
  const index = problem.groups[group]!.classes.find(
    (candidate) => keyOfClass(problem.classes[candidate]!) === key,
  );
  return index === undefined ? { kind: 'no-invite' } : originOfClass(problem.classes[index]!);
}

/** The exact sums among joins that share their uses; null where a use may be nobody's here. */
function groupSums(context: AnswerContext, cluster: number): JoinGroup | null {
  const { problem, worlds } = context;
  const own = (index: number): boolean => worlds.clusterOfClass[index] === cluster;
  if (worlds.unclaimed.some((left, index) => left > 0 && own(index))) return null;
  let size = 0;
  problem.groups.forEach((group, index) => {
    if (worlds.answers[index]!.cluster === cluster) size += group.joins.length;
  });
  const sums = new Map<OriginKey, { origin: Origin; uses: number }>();
  problem.classes.forEach((uses, index) => {
    if (uses.counted === 0 || !own(index)) return;
    const key = keyOfClass(uses);
    const known = sums.get(key)?.uses ?? 0;
    sums.set(key, { origin: originOfClass(uses), uses: known + uses.counted });
  });
  return sums.size === 0 ? null : { size, sums: [...sums.values()] };
}

/** Without Discord's record an approved request names no code for sure (rule 10). */
function approvedAnswer(context: AnswerContext, group: number, keys: readonly OriginKey[]): Answer {
  const bypass = keys
    .filter((key) => key !== NO_INVITE && key !== NO_BASELINE)
    .map((key) => candidateFor(context, group, key, null));
  const codes = [...context.usedCodes, null];
  const approved = codes.map((code): Candidate => {
    return { origin: { kind: 'application', code }, share: null, uses: null };
  });
  return signed({
    origin: bypass.length === 0 ? { kind: 'application', code: null } : null,
    certainty: 'ambiguous',
    candidates: [...bypass, ...approved],
    group: null,
    assumptions: [],
    evidence: [],
  });
}

function evidenceFor(context: AnswerContext, join: WindowJoin, group: number): Evidence[] {
  const { problem, worlds, gaps } = context;
  const answer = worlds.answers[group]!;
  const evidence: Evidence[] = [];
  const { lists, vanityReadings } = join;
  if (answer.unmatched) evidence.push({ kind: 'nothing-counted', lists, vanityReadings });
  for (const index of answer.classes) {
    const uses = problem.classes[index]!;
    if (evidence.length >= MAX_EVIDENCE) break;
    evidence.push(...evidenceOf(uses));
    const gap = gapOver(uses, gaps);
    if (gap && !evidence.some((known) => known.kind === 'gap'))
      evidence.push({ kind: 'gap', ...gap });
  }
  const sharing = problem.groups.reduce(
    (total, other, at) =>
      worlds.answers[at]!.cluster === answer.cluster ? total + other.joins.length : total,
    0,
  );
  // Joins that nothing explains share nothing.
  if (sharing > 1 && answer.classes.length > 0) {
    evidence.push({ kind: 'others', joins: sharing - 1 });
  }
  problem.classes.forEach((uses, index) => {
    const left = worlds.unclaimed[index]!;
    if (left === 0 || uses.source.kind === 'no-baseline' || evidence.length > MAX_EVIDENCE) return;
    evidence.push({ kind: 'unclaimed', code: uses.source.code, uses: left });
  });
  return evidence;
}

function evidenceOf(uses: UseClass): Evidence[] {
  const { source, vanished } = uses;
  if (source.kind === 'no-baseline') return [{ kind: 'failed', reason: 'no-baseline' }];
  const { code } = source;
  const parts: Evidence[] = [];
  if (vanished !== null) {
    const why = vanished === 'pending' ? 'unexplained' : vanished;
    parts.push({ kind: 'vanished', code, why, at: uses.answeredAt });
  }
  if (uses.counted === 0) {
    parts.push({ kind: 'possible', code, limit: uses.limit });
  } else if (vanished === null || vanished === 'revoked') {
    const { counted, fromUses, toUses, stepFrom, answeredAt } = uses;
    parts.push({
      kind: 'counted',
      code,
      uses: counted,
      fromUses,
      toUses,
      from: stepFrom,
      to: answeredAt,
    });
  }
  return parts;
}

/** Changes of shares and evidence alone are not worth a revision; the settled one carries them. */
function signed(answer: Omit<Answer, 'signature'>): Answer {
  const keys = answer.candidates.map((candidate) => originText(candidate.origin)).join(',');
  const origin = answer.origin === null ? '' : originText(answer.origin);
  const signature = `${answer.certainty};${origin};${keys};${answer.assumptions.join()}`;
  return { ...answer, signature };
}

function originText(origin: Origin): string {
  switch (origin.kind) {
    case 'invite':
    case 'vanity':
    case 'application':
      return `${origin.kind}:${origin.code ?? ''}`;
    case 'unknown':
      return `unknown:${origin.reason}`;
    default:
      return origin.kind;
  }
}
