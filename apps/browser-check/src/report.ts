/** What came of one check. */
export interface Outcome {
  readonly name: string;
  /** Why it failed; absent when it passed. */
  readonly error?: string;
  /** What was measured. */
  readonly note?: string;
  readonly milliseconds: number;
}

/** What the page posts to its server, after each check. */
export interface Report {
  readonly userAgent: string;
  readonly outcomes: readonly Outcome[];
  /** What it is at now; absent when it has finished. */
  readonly running?: string;
}
