/** What must be so for the process to come to a boundary. */
export type Need =
  | 'nothing'
  /** The session is gone: the next process gets READY, its guilds, and reads member lists. */
  | 'new-session'
  /** The session is there and is resumed. */
  | 'old-session'
  /** There is no database yet. */
  | 'new-file'
  /** Something changes that leads to no step: it is stored by the flush of every few seconds. */
  | 'touches';

export interface Approach {
  readonly needs: Need;
  /** The process ends at the first to the so manieth time that it comes here. */
  readonly upTo: number;
}

const often = { needs: 'nothing', upTo: 8 } as const;
const rarely = { needs: 'nothing', upTo: 2 } as const;
const onceAnew = { needs: 'new-session', upTo: 1 } as const;

/**
 * Where the process ends itself: between any two things of which the second could be lost or done
 * twice. `preload.ts` knows when each is reached.
 */
export const BOUNDARIES = {
  'migration: in the middle': { needs: 'new-file', upTo: 1 },
  'migration: before commit': { needs: 'new-file', upTo: 1 },
  'migration: after commit': { needs: 'new-file', upTo: 1 },

  'transaction: before it begins': often,
  'transaction: after it began': often,
  'step: after the guild row': often,
  'step: after a member row': often,
  'step: after a ledger row': often,
  'step: after a log line': often,
  'step: after a directory row': rarely,
  "step: after the guild's sequence": often,
  'step: after the resume point': often,
  'step: before commit': often,
  'step: after commit': often,
  'flush: before commit': { needs: 'touches', upTo: 1 },
  'flush: after commit': { needs: 'touches', upTo: 1 },
  'session: before commit': onceAnew,
  'session: after commit': onceAnew,

  'message opened: before commit': often,
  'message opened: after commit': often,
  'post: on its way': often,
  'post: answered, not read': often,
  'post: read, not stored': often,
  'message sent: before commit': often,
  'message sent: after commit': often,
  'edit: on its way': rarely,
  'edit: read, not stored': rarely,
  'edit noted: before commit': rarely,
  'edit noted: after commit': rarely,

  'invite list: on its way': often,
  'invite list: read, not stored': often,
  'member page: before it is sent': { needs: 'new-session', upTo: 3 },
  'member page: on its way': { needs: 'new-session', upTo: 3 },
  'member page: read, not stored': { needs: 'new-session', upTo: 3 },

  'event: READY arrived': onceAnew,
  'event: GUILD_CREATE arrived': { needs: 'new-session', upTo: 5 },
  'event: RESUMED arrived': { needs: 'old-session', upTo: 1 },
  'event: GUILD_MEMBER_ADD arrived': { needs: 'nothing', upTo: 20 },
} as const satisfies Readonly<Record<string, Approach>>;

export type Boundary = keyof typeof BOUNDARIES;

export const boundaryNames = Object.keys(BOUNDARIES) as readonly Boundary[];

export function approachTo(boundary: Boundary): Approach {
  return BOUNDARIES[boundary];
}

export function isBoundary(text: string): text is Boundary {
  return Object.hasOwn(BOUNDARIES, text);
}

/** How the process under test is told where to end; nothing of the product reads these. */
export const KILL_AT = 'KILL_AT';
export const KILL_NTH = 'KILL_NTH';
/** The last words of a process that ends itself. */
export const LAST_WORDS = 'ended itself at: ';
