// What a thread of a check is given: plain data, for it goes through postMessage.

/** One thread's part in a check. Structured-cloneable; `runThread` does it. */
export interface ThreadJob {
  /** Which of the tasks that the suite has. */
  readonly task: string;
  /** The thread's number, from 0, and how many take part. */
  readonly thread: number;
  readonly threads: number;
  /** Keys, in ascending order, as the map gives them back. */
  readonly keys: readonly unknown[];
  readonly values: readonly unknown[];
  /** One Int32 of shared memory: not 0 once all should stop. */
  readonly stop: Int32Array;
}

/** Whether the check wants its threads to come to an end. */
export function isStopped({ stop }: ThreadJob): boolean {
  return Atomics.load(stop, 0) !== 0;
}

/** The value that belongs to the key of this number, in checks where each key has one. */
export function valueFor({ values }: ThreadJob, key: number): unknown {
  return values[key % values.length];
}
