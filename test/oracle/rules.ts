/**
 * Where the agreed semantics, read to the letter, allow an answer that a truthful journal refutes.
 * The engine is compared under `IN_FORCE`; truth is compared under `SOUND`.
 */
export interface Rules {
  /**
   * A gap counts for a use if the event of a join that may have made it may have come in the gap:
   * from - e to until + G. To the letter it counts only in the step from list to answer.
   * Likewise the audit log's silence: unbroken up to the verdict, not only until the end was seen.
   */
  readonly gapsReach: boolean;
  /**
   * What a new code may have done begins at the last *complete* list: an incomplete one may have
   * left it out. To the letter it begins at the last list.
   */
  readonly sinceCompleteList: boolean;
  /**
   * An INVITE_CREATE that comes after lists which lack its code: those lists count as lists that
   * lack it, and its uses begin at its birth. To the letter they begin at the last of those lists.
   */
  readonly lateCreations: boolean;
}

export const TO_THE_LETTER: Rules = {
  gapsReach: false,
  sinceCompleteList: false,
  lateCreations: false,
};
export const SOUND: Rules = { gapsReach: true, sinceCompleteList: true, lateCreations: true };
/** What the engine follows. */
export const IN_FORCE: Rules = SOUND;
