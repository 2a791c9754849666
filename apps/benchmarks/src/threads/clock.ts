// A clock that agrees between all threads of the process.

/** Milliseconds on the system's monotonic clock. `performance.now()` restarts at 0 in each worker. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** What a thread did between two moments. */
export interface Timed {
  readonly start: number;
  readonly end: number;
  readonly operations: number;
}

/** Operations per second of threads that worked at the same time, from the first start to the last end. */
export function perSecond(parts: readonly Timed[]): number {
  const start = Math.min(...parts.map((part) => part.start));
  const end = Math.max(...parts.map((part) => part.end));
  const operations = parts.reduce((sum, part) => sum + part.operations, 0);
  return operations / ((end - start) / 1000);
}
