// Time that means the same in every thread of the process.

/** Milliseconds of the system's monotonic clock; `performance.now()` starts anew in each worker. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** What a thread did between two moments. */
export interface Timed {
  readonly start: number;
  readonly end: number;
  readonly operations: number;
}

/** Operations per second of threads that worked at the same time: from first start to last end. */
export function perSecond(parts: readonly Timed[]): number {
  const start = Math.min(...parts.map((part) => part.start));
  const end = Math.max(...parts.map((part) => part.end));
  const operations = parts.reduce((sum, part) => sum + part.operations, 0);
  return operations / ((end - start) / 1000);
}
