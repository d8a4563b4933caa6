/** One REST request, for budgets and order in tests. */
export type LoggedRequest = {
  readonly method: string;
  /** `METHOD /template`, or the raw path of a request that no route fits. */
  readonly route: string;
  readonly path: string;
  readonly guildId: string | null;
  /** Unix milliseconds. */
  readonly arrivedAtMs: number;
  /** When it read the world; null if it never did. */
  readAtMs: number | null;
  /** Null while it is open, and for ever if it hangs or was cut. */
  repliedAtMs: number | null;
  status: number | null;
};

/** Something a client must never do: an unknown route, parameter or field. */
export type Violation = {
  readonly kind: 'unknownRoute' | 'unknownQuery' | 'unknownField' | 'badBody' | 'outsideApi';
  readonly request: string;
  readonly detail: string;
};
