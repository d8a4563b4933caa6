import { type Answer, answersFor } from './answers.ts';
import { tryAssumptions } from './assumptions.ts';
import { forgetJoins, leavingJoins } from './closing.ts';
import { SETTLE_MS } from './constants.ts';
import { type Draft, note, patch, refutedNow } from './draft.ts';
import { doubtedByGaps } from './gaps.ts';
import type { RoleId } from './ids.ts';
import { parkSettled, type Solved, unparkReached } from './parking.ts';
import { isFailure, record } from './simple-answers.ts';
import { exclusions, wantTargets } from './targets.ts';
import { loosenStored, openClasses } from './uses.ts';
import { isVanityKnown } from './vanity.ts';
import { explainedAt, isOpen, type UseClass, type WindowJoin } from './window.ts';
import { askForParked, dropOld } from './window-end.ts';
import { admittedWorlds, type Problem, problemsOf, type Worlds } from './worlds.ts';

/**
 * Answers every open join anew from all that is known, records what changed, settles what can no
 * longer change, and lets go of what no longer matters.
 */
export function conclude(draft: Draft): void {
  loosenStored(draft);
  let classes = openClasses(draft);
  if (unparkReached(draft, classes)) {
    loosenStored(draft);
    classes = openClasses(draft);
  }
  const excluded = exclusions(draft);
  const problems = problemsOf(draft.rest.joins, classes, excluded);
  const replaced = new Map<WindowJoin, WindowJoin>();
  const left = new Set<WindowJoin>();
  const solved: Solved[] = [];
  for (const problem of problems) {
    const worlds = admittedWorlds(problem);
    const doubted = doubtedByGaps(problem, worlds, draft.rest);
    solved.push({ problem, worlds, doubted });
    const leaving = leavingJoins(draft, problem, worlds);
    answerProblem(draft, { problem, worlds, doubted, excluded, leaving }, replaced);
    for (const join of leaving) left.add(replaced.get(join) ?? join);
  }
  if (replaced.size > 0) {
    patch(draft, { joins: draft.rest.joins.map((join) => replaced.get(join) ?? join) });
  }
  // What a sweep finds may belong to uses that seem done with.
  if (draft.rest.sweep === null) parkSettled(draft, solved, replaced);
  forgetJoins(draft, left);
  // A lost session may end in a gap that began long before, and what was heard in it is still to come.
  if (draft.rest.sweep === null && !draft.rest.session.lost) dropOld(draft);
  askForParked(draft);
}

interface Part extends Solved {
  readonly excluded: ((join: WindowJoin, uses: UseClass) => boolean) | null;
  readonly leaving: ReadonlySet<WindowJoin>;
}

function answerProblem(draft: Draft, part: Part, replaced: Map<WindowJoin, WindowJoin>): void {
  const { problem, worlds, doubted, excluded, leaving } = part;
  const joins = problem.groups.flatMap((group) => group.joins);
  const reopenedAt = latestLate(joins);
  if (reopenedAt === null && !joins.some(isOpen)) return;
  const rolesOf = (code: string): readonly RoleId[] =>
    draft.rest.traits.find((traits) => traits.code === code)?.roleIds ?? [];
  const answerOf = answersFor({
    problem,
    worlds,
    assumed: tryAssumptions({ problem, worlds, excluded, rolesOf }),
    gaps: draft.rest.gaps,
    doubted,
    isClosedEarly: (join, group) =>
      leaving.has(join) && worlds.exposedTo[group]! + SETTLE_MS > draft.at,
    refuted: refutedNow(draft),
    usedCodes: draft.rest.usedCodes,
  });
  const needsLook = lookNeeds(problem, worlds);
  problem.groups.forEach((group, index) => {
    const open = worlds.answers[index]!.unmatched;
    const wanting = needsLook(index);
    const read = lastReading(group.classes.map((at) => problem.classes[at]!));
    const knownAt = read === null ? null : Math.max(read, worlds.exposedTo[index]!);
    for (const join of group.joins) {
      if (join.frozen || join.reported || (join.settledAt !== null && reopenedAt === null))
        continue;
      const unmatched = wanting && !(join.approved && join.lists > 0);
      const settled = settleTime(draft, join, knownAt, open && !join.approved);
      const settleAt = settled === null ? null : Math.max(settled, (reopenedAt ?? 0) + SETTLE_MS);
      const answer = answerOf(join, index);
      const next = { ...join, unmatched, settleAt: leaving.has(join) ? draft.at : settleAt };
      replaced.set(join, recordAnswer(draft, next, answer));
      if (answer.certainty === 'ambiguous') wantTargets(draft, answer.candidates);
    }
  });
}

/** When the newest event came that may change answers which had settled; null if none did. */
function latestLate(joins: readonly WindowJoin[]): number | null {
  let latest: number | null = null;
  for (const join of joins) {
    if (join.late && isOpen(join)) latest = Math.max(latest ?? 0, join.seenAt);
  }
  return latest;
}

/**
 * Whether later looks could still find the use of a group's members. A vanished invite whose
 * verdict is due soon counts as the explanation it will probably be.
 */
function lookNeeds(problem: Problem, worlds: Worlds): (group: number) => boolean {
  const pending = problem.classes.some((uses) => uses.vanished === 'pending' && uses.ifUsedUp > 0);
  if (!pending) return (group) => worlds.answers[group]!.unmatched;
  const classes = problem.classes.map((uses) =>
    uses.vanished === 'pending' ? { ...uses, counted: uses.ifUsedUp } : uses,
  );
  const hoped = admittedWorlds({ groups: problem.groups, classes });
  return (group) => hoped.answers[group]!.unmatched;
}

/** The newest reading among the classes; null while more is to be learned of one of them. */
function lastReading(classes: readonly UseClass[]): number | null {
  let latest = 0;
  for (const uses of classes) {
    if (uses.awaits) return null;
    latest = Math.max(latest, explainedAt(uses));
  }
  return latest;
}

/** G after the answer that explains it; null while something that may explain it is awaited. */
function settleTime(
  draft: Draft,
  join: WindowJoin,
  knownAt: number | null,
  unmatched: boolean,
): number | null {
  const { session, sweep } = draft.rest;
  if (session.lost || sweep !== null || knownAt === null) return null;
  const base = Math.max(join.seenAt, session.resumedAt ?? 0, knownAt);
  if (!unmatched) return base + SETTLE_MS;
  // A list with a hole may have left out the very code they used.
  if (join.provenAt === null) return null;
  if (!isVanityKnown(draft, join)) return null;
  return Math.max(base, join.provenAt, join.vanityCoveredAt ?? 0) + SETTLE_MS;
}

function recordAnswer(draft: Draft, join: WindowJoin, answer: Answer): WindowJoin {
  const settled = join.settleAt !== null && join.settleAt <= draft.at;
  // What settles, or leaves the window, is told whatever else might have been learned.
  if (!settled && !isRecordable(draft, join)) return join;
  if (join.settledAt !== null) {
    if (join.recorded === `${answer.signature};true`) return join;
    note(draft, { kind: 'reopened', userId: join.userId, at: draft.at });
  }
  const recorded = `${answer.signature};${settled}`;
  if (join.recorded !== recorded) emit(draft, join, answer, settled);
  return { ...join, recorded, settledAt: settled ? (join.settledAt ?? draft.at) : null };
}

function emit(draft: Draft, join: WindowJoin, answer: Answer, settled: boolean): void {
  const { userId, joinedAt, seenAt, whileAway } = join;
  const { origin, certainty, candidates, group, assumptions, evidence } = answer;
  record(draft, {
    userId,
    joinedAt,
    seenAt,
    origin,
    certainty,
    candidates,
    group,
    assumptions,
    evidence,
    whileAway,
    settled,
  });
}

/** An answer is worth telling once a use explains the join or a look of its own found none. */
function isRecordable(draft: Draft, join: WindowJoin): boolean {
  // What was told must not stand when it no longer holds; that the look failed is told already.
  const told = join.recorded !== null && !isFailure(join.recorded);
  if (told || !join.unmatched) return true;
  if (join.lists === 0) return false;
  const { vanity, vanityRefusedAt, lookup } = draft.rest;
  const asks = vanity.code !== null && vanityRefusedAt === null;
  return !asks || join.vanityReadings > 0 || lookup.vanityFailures > 0;
}
