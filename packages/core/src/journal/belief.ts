import type { BasicAssumption } from '../engine/attribution.ts';
import { REOPEN_MS } from '../engine/constants.ts';
import { type Draft, draftFrom, refutedNow } from '../engine/draft.ts';
import type { InviteCode, UserId } from '../engine/ids.ts';
import { listDue, pageDue, vanityDue } from '../engine/lookups.ts';
import { mayTake } from '../engine/parking.ts';
import { searchDue } from '../engine/search.ts';
import type { Gap, GuildState, Span } from '../engine/state.ts';
import { exclusions } from '../engine/targets.ts';
import { verdictAt } from '../engine/tombstones.ts';
import { openClasses } from '../engine/uses.ts';
import { isOpen, type UseClass, type WindowJoin } from '../engine/window.ts';
import { admittedWorlds, type Problem, problemsOf } from '../engine/worlds.ts';

/** What the engine holds true of a guild at one moment: its state, as a person would ask for it. */
export interface Belief {
  /** The joins of the window, together where nothing tells them apart. */
  readonly joins: readonly AlikeJoins[];
  /** The uses that they may have made. `AlikeJoins` and `RuledOut` refer to them by index. */
  readonly uses: readonly BelievedUses[];
  /** Settled joins that are out of the way unless a late event reaches them. */
  readonly parked: number;
  readonly awaited: readonly Awaited[];
  readonly doubts: Doubts;
}

/** Joins with the same possibilities and the same standing. */
export interface AlikeJoins {
  readonly joins: readonly Pick<WindowJoin, 'userId' | 'joinedAt'>[];
  /**
   * `reported`: Discord's own record named their origin. `closed`: answered for good without an
   * origin; they may still hold a use.
   */
  readonly standing: 'open' | 'settled' | 'reported' | 'closed';
  /** When the answers settle if nothing more is learned; null while something must be learned. */
  readonly settleAt: number | null;
  /** Uses of which some admitted world gives one to one of them. */
  readonly candidates: readonly number[];
  /** Some admitted world leaves one of them without a counted use. */
  readonly unmatched: boolean;
  readonly ruledOut: readonly RuledOut[];
}

/** Uses that are none of theirs, and why. */
export interface RuledOut {
  readonly uses: number;
  readonly why: WhyNot;
}

/**
 * `over`: all of them were made by the time that they joined. `later`: all were made after it.
 * `target-list`: they may not accept it. `approval`: they joined by request. `others`: by their
 * times they could, but then a use that was counted would be nobody's.
 */
export type WhyNot = 'over' | 'later' | 'target-list' | 'approval' | 'others';

/** The uses of a code between two readings. */
export type BelievedUses = Omit<UseClass, 'fromWithoutLag'> & {
  /** Counted uses that nobody known takes. */
  readonly unclaimed: number;
};

/** What may change the belief, and when it is due. Times in ms since 1970. */
export type Awaited =
  /** A request under way. */
  | { readonly kind: 'answer'; readonly of: Looked; readonly askedAt: number | null }
  | { readonly kind: 'target-list'; readonly code: InviteCode }
  /** A request still to be made. */
  | { readonly kind: 'look'; readonly of: Looked; readonly due: number }
  /** Members who joined then are looked for; not begun: once something shows that anybody did. */
  | {
      readonly kind: 'sweep';
      readonly span: Span;
      readonly begun: boolean;
      readonly found: readonly UserId[];
    }
  /** The audit log has to stay silent until then for the invite to count as used up. */
  | { readonly kind: 'silence'; readonly code: InviteCode; readonly due: number }
  /** The connection is broken and may resume. */
  | { readonly kind: 'resume' }
  /** The next moment at which the engine looks again by itself. */
  | { readonly kind: 'wake'; readonly due: number };

/** What is read: the invite list, the vanity counter, the member list, Discord's own record. */
export type Looked = 'list' | 'vanity' | 'members' | 'search';

/** What keeps answers from being certain. */
export interface Doubts {
  /** The counts may not be read. */
  readonly blind: boolean;
  readonly gaps: readonly Gap[];
  readonly refuted: readonly BasicAssumption[];
}

/** What the engine believes in this state at this moment. Pure; nothing is decided here. */
export function beliefOf(state: GuildState, at: number): Belief {
  const draft = draftFrom(state, at);
  const { rest } = draft;
  const classes = openClasses(draft);
  const excluded = exclusions(draft);
  const unclaimed = new Map(classes.map((uses) => [uses, uses.counted]));
  const joins = problemsOf(rest.joins, classes, excluded).flatMap((problem) =>
    alikeJoins(problem, { classes, excluded, unclaimed }),
  );
  return {
    joins,
    uses: classes.map(({ fromWithoutLag: _, ...uses }, index) => ({
      ...uses,
      unclaimed: unclaimed.get(classes[index]!) ?? 0,
    })),
    parked: rest.parked.reduce((sum, cluster) => sum + cluster.joins.length, 0),
    awaited: awaitedOf(draft),
    doubts: {
      blind: !rest.access.counts || rest.refusedAt !== null,
      gaps: rest.gaps.filter((gap) => at - gap.to < REOPEN_MS),
      refuted: refutedNow(draft),
    },
  };
}

interface Scene {
  readonly classes: readonly UseClass[];
  readonly excluded: ReturnType<typeof exclusions>;
  readonly unclaimed: Map<UseClass, number>;
}

function alikeJoins(problem: Problem, scene: Scene): AlikeJoins[] {
  const worlds = admittedWorlds(problem);
  const place = new Map(scene.classes.map((uses, index) => [uses, index]));
  const placeOf = (index: number): number => place.get(problem.classes[index]!)!;
  problem.classes.forEach((uses, index) => {
    scene.unclaimed.set(uses, worlds.unclaimed[index]!);
  });
  return problem.groups.flatMap((group, index) => {
    const { classes, unmatched } = worlds.answers[index]!;
    const candidates = classes.map(placeOf);
    const possible = new Set(group.classes.map(placeOf));
    return byStanding(group.joins).map((joins) => ({
      joins: joins.map(({ userId, joinedAt }) => ({ userId, joinedAt })),
      standing: standingOf(joins[0]!),
      settleAt: joins[0]!.settleAt,
      candidates,
      unmatched,
      ruledOut: ruledOut(joins[0]!, { ...scene, candidates, possible }),
    }));
  });
}

/** Members of a group may differ in what was told of them already. */
function byStanding(joins: readonly WindowJoin[]): readonly (readonly WindowJoin[])[] {
  const parts = Map.groupBy(joins, (join) => `${standingOf(join)} ${join.settleAt}`);
  return [...parts.values()];
}

function standingOf(join: WindowJoin): AlikeJoins['standing'] {
  if (join.reported) return 'reported';
  if (isOpen(join)) return 'open';
  return join.frozen ? 'closed' : 'settled';
}

function ruledOut(
  join: WindowJoin,
  scene: Scene & {
    readonly candidates: readonly number[];
    readonly possible: ReadonlySet<number>;
  },
): RuledOut[] {
  const { classes, excluded, candidates, possible } = scene;
  return classes.flatMap((uses, index): RuledOut[] => {
    if (candidates.includes(index)) return [];
    const why = (): WhyNot => {
      if (possible.has(index)) return 'others';
      if (mayTake(join.joinedAt, uses) && excluded?.(join, uses)) {
        return join.approved ? 'approval' : 'target-list';
      }
      return join.joinedAt < uses.from ? 'later' : 'over';
    };
    return [{ uses: index, why: why() }];
  });
}

function awaitedOf(draft: Draft): Awaited[] {
  const { lookup, search, session, sweep, tombstones, unswept, wakeAt } = draft.rest;
  const awaited: Awaited[] = [];
  const look = (of: Looked, askedAt: number | null, open: boolean, due: number | null): void => {
    if (open) awaited.push({ kind: 'answer', of, askedAt });
    else if (due !== null) awaited.push({ kind: 'look', of, due });
  };
  look('list', lookup.askedAt, lookup.listOpen, listDue(draft));
  look('vanity', lookup.vanityAskedAt, lookup.vanityOpen, vanityDue(draft));
  look('members', null, sweep?.open ?? false, pageDue(draft));
  look('search', search.askedAt, search.open, searchDue(draft));
  for (const code of lookup.targetsAsked) awaited.push({ kind: 'target-list', code });
  const span = sweep ?? unswept;
  if (span !== null) {
    const { since, until } = span;
    const found = sweep?.found.map(({ userId }) => userId) ?? [];
    awaited.push({ kind: 'sweep', span: { since, until }, begun: sweep !== null, found });
  }
  for (const tombstone of tombstones) {
    const due = verdictAt(draft, tombstone);
    if (due !== null) awaited.push({ kind: 'silence', code: tombstone.code, due });
  }
  if (session.lost) awaited.push({ kind: 'resume' });
  if (wakeAt !== null) awaited.push({ kind: 'wake', due: wakeAt });
  return awaited;
}
