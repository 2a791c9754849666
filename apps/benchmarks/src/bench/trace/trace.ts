// A log of operations in memory that threads share: parallel arrays, one element for each operation.
export const GET = 0;
export const SET = 1;
export const DELETE = 2;
export const INCREMENT = 3;
export const SCAN = 4;

/** The words of the file format, by code. */
export const traceWords = ["get", "set", "delete", "add", "scan"] as const;

/** A plain value that can be sent to a thread. */
export interface Trace {
  readonly length: number;
  /** u8: what is done. */
  readonly codes: SharedArrayBuffer;
  /** u32: the key's number in the key set. */
  readonly keys: SharedArrayBuffer;
  /** u32: how many entries a scan reads at most; otherwise 0. */
  readonly counts: SharedArrayBuffer;
  /** How many gets find a value, which does not depend on how many threads replay. */
  readonly hits: number;
  /** How many entries there are at the end. */
  readonly left: number;
  readonly scans: number;
  readonly increments: number;
}
