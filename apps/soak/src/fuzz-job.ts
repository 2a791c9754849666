// What the fuzzing thread is told, and what it says.
/** Bytes of the longest input. */
export const MOST_BYTES = 8192;

export interface FuzzJob {
  readonly kind: "fuzz" | "oracle";
  readonly seed: number;
  /** Sequences, or bytes of the one that is long. */
  readonly count: number;
  readonly builds: string;
  /** u32 sequences begun, u32 length of the input that is on, and the input. */
  readonly current: SharedArrayBuffer;
}

export interface FuzzAnswer {
  readonly operations: number;
  readonly error?: string;
}
