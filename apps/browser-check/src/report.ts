/* The report that the page sends to the server. */

/** The result of one check. */
export interface Outcome {
  readonly name: string;
  /** Why it failed. Absent if it passed. */
  readonly error?: string;
  /** What was measured. */
  readonly note?: string;
  readonly milliseconds: number;
}

/** What the page posts to its server before each check, and at the end. */
export interface Report {
  readonly userAgent: string;
  readonly outcomes: readonly Outcome[];
  /** The name of the check that is running. Absent when the page has finished. */
  readonly running?: string;
}
