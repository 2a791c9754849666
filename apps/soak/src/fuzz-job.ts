// The messages to and from the fuzzing thread.

/** Length of the longest input, in bytes. */
export const MOST_BYTES = 8192;

export interface FuzzJob {
  readonly kind: "fuzz" | "oracle";
  readonly seed: number;
  /** For fuzz, the number of sequences. For the oracle, the length of the one sequence, in bytes. */
  readonly count: number;
  readonly builds: string;
  /** u32 number of sequences started, u32 length of the current input, then the input. */
  readonly current: SharedArrayBuffer;
}

export interface FuzzAnswer {
  readonly operations: number;
  readonly error?: string;
}
