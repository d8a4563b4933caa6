import type { Origin } from './attribution.ts';
import type { UseClass } from './window.ts';
import type { GroupAnswer } from './worlds.ts';

/** A short name of an origin, equal for equal origins: `invite:abc`, `vanity:xyz`, `no-invite`. */
export type OriginKey = string;

export const NO_INVITE: OriginKey = 'no-invite';
export const NO_BASELINE: OriginKey = 'unknown:no-baseline';

export function keyOfClass(uses: UseClass): OriginKey {
  if (uses.source.kind === 'no-baseline') return NO_BASELINE;
  return `${uses.source.kind}:${uses.source.code}`;
}

export function originOfClass(uses: UseClass): Origin {
  const { source } = uses;
  switch (source.kind) {
    case 'invite':
      return { kind: 'invite', code: source.code, inviterId: source.inviterId };
    case 'vanity':
      return { kind: 'vanity', code: source.code };
    case 'no-baseline':
      return { kind: 'unknown', reason: 'no-baseline' };
  }
}

/** The origins that the admitted worlds give the members of a group, sorted. */
export function keysOf(answer: GroupAnswer, classes: readonly UseClass[]): OriginKey[] {
  const keys = new Set(answer.classes.map((index) => keyOfClass(classes[index]!)));
  if (answer.unmatched) keys.add(NO_INVITE);
  return [...keys].sort();
}

/** The origin that all admitted worlds agree on, or null. */
export function agreed(keys: readonly OriginKey[]): OriginKey | null {
  if (keys.length === 1) return keys[0]!;
  const dark = keys.every((key) => key === NO_INVITE || key === NO_BASELINE);
  return dark ? NO_BASELINE : null;
}
