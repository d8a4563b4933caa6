import { unreadClass } from './counts.ts';
import { type Draft, patch } from './draft.ts';
import { tombstoneClass } from './tombstones.ts';
import { pendingVanityClass } from './vanity.ts';
import type { UseClass } from './window.ts';

/** Every class of uses that a join in the window may have taken one of. */
export function openClasses(draft: Draft): UseClass[] {
  const classes = [...draft.rest.classes];
  for (const tombstone of draft.rest.tombstones) {
    const uses = tombstoneClass(tombstone);
    if (uses) classes.push(uses);
  }
  for (const { code, missedAt } of draft.rest.unread) {
    const record = draft.invites.get(code);
    if (!record || missedAt === null) continue;
    const uses = unreadClass(draft, code, record, missedAt);
    if (uses.limit !== 0) classes.push(uses);
  }
  const vanity = pendingVanityClass(draft.rest);
  if (vanity) classes.push(vanity);
  const { forgottenUntil } = draft.rest;
  return forgottenUntil === null ? classes : classes.map((uses) => loosened(uses, forgottenUntil));
}

/** Written down for the stored ones, so that each stays the same object from then on. */
export function loosenStored(draft: Draft): void {
  const { classes, forgottenUntil } = draft.rest;
  if (forgottenUntil === null) return;
  patch(draft, { classes: classes.map((uses) => loosened(uses, forgottenUntil)) });
}

/** Joins that left the window unexplained may have taken any of these: they prove nothing now. */
function loosened(uses: UseClass, forgottenUntil: number): UseClass {
  if (uses.counted === 0 || uses.from > forgottenUntil) return uses;
  return { ...uses, counted: 0, limit: uses.counted, ifUsedUp: 0 };
}
