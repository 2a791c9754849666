// The error of a check that failed.

/** What a failed check knows. */
export interface Failure {
  /** What the map gave. */
  readonly actual?: unknown;
  /** What it must give. */
  readonly expected?: unknown;
  /** The seed that replays the check: pass it to `mapChecks` as `seed`. */
  readonly seed?: number;
  /** The fewest operations found that show the failure, in order. Only of random checks. */
  readonly operations?: readonly string[];
  /** What the map threw. */
  readonly cause?: unknown;
}

/**
 * A map does not do what the suite demands. Test runners show `actual` and `expected` as they do for their own
 * assertions.
 */
export class ConformanceError extends Error {
  readonly code = "ERR_ASSERTION" as const;
  readonly actual: unknown;
  readonly expected: unknown;
  readonly seed: number | undefined;
  readonly operations: readonly string[] | undefined;

  constructor(message: string, failure: Failure = {}) {
    super(message, "cause" in failure ? { cause: failure.cause } : undefined);
    this.actual = failure.actual;
    this.expected = failure.expected;
    this.seed = failure.seed;
    this.operations = failure.operations;
  }

  static {
    Object.defineProperty(ConformanceError.prototype, "name", {
      value: "ConformanceError",
      writable: true,
      configurable: true,
    });
  }
}
