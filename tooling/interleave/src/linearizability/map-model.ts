// The sequential map, and what an ordered scan promises beside it.
//
// Calls on one key are linearizable. A scan is not: it promises to visit every key that was there from
// its start to its end exactly once, in order and with a value that it had, and that it may or may not
// see keys that came or went meanwhile. For each key that is a read at some moment of the scan: so a
// scan that covered a range counts as one read of every key in it, all from the scan's call to its
// return. What is left to check of it alone is the order.
import type { Call, Model } from "./check.ts";

/** A value, as text that is equal for equal values. */
export type Value = string;

/** A call on one key. */
export interface MapInput {
  readonly key: string;
  readonly does: "get" | "set" | "replace" | "insert" | "compare" | "add" | "remove";
  /**
   * What `set` stores, `replace` if there is a value, `insert` if there is none, and `compare` if the value is the
   * expected one; `compare` removes if it is undefined. `add` adds it, as a whole number, to the value that is there,
   * or to 0.
   */
  readonly value?: Value;
  /** What `compare` wants the value to be. */
  readonly expected?: Value;
}

/**
 * What the call returned: for `get` the value, for `add` the new value, for the others the value before; undefined for
 * none. `failed` is a write that found no memory and changed nothing. `existed`, when it is there, is all
 * that the call said of the value before: whether there was one, or for `compare` whether it was the expected one.
 */
export interface MapOutput {
  readonly value: Value | undefined;
  readonly failed?: boolean;
  readonly existed?: boolean;
}

const absent = "\0absent";

function sumOf(before: Value, value: Value): Value {
  return String((before === absent ? 0n : BigInt(before)) + BigInt(value));
}

function answerOf(does: MapInput["does"], before: Value, value: Value): Value {
  return does === "add" ? sumOf(before, value) : before;
}

/** A map that holds `contents` at first. */
export function mapModel(
  contents: ReadonlyMap<string, Value> = new Map(),
): Model<{ key: string | undefined; value: Value }, MapInput, MapOutput> {
  return {
    // A part has one key; its first value is looked up when the key is known.
    initial: { key: undefined, value: absent },
    keyOf: ({ value }) => value,
    partOf: ({ key }) => key,
    step(state, { key, does, value = absent, expected }, output) {
      const before = state.key === undefined ? (contents.get(key) ?? absent) : state.value;
      if (output?.failed) {
        return does === "get" || does === "remove" ? undefined : { key, value: before };
      }
      if (output?.existed !== undefined) {
        const isThat = does === "compare" ? before === expected : before !== absent;
        if (output.existed !== isThat) return undefined;
      } else if (
        output !== undefined &&
        (output.value ?? absent) !== answerOf(does, before, value)
      ) {
        return undefined;
      }
      switch (does) {
        case "get":
          return { key, value: before };
        case "set":
          return { key, value };
        case "replace":
          return { key, value: before === absent ? absent : value };
        case "insert":
          return { key, value: before === absent ? value : before };
        case "compare":
          return { key, value: before === expected ? value : before };
        case "add":
          return { key, value: sumOf(before, value) };
        case "remove":
          return { key, value: absent };
      }
    },
  };
}

/** What a scan returned, with the range it covered. */
export interface ScanResult {
  readonly entries: readonly (readonly [key: string, value: Value])[];
  readonly reverse: boolean;
  /** Whether the scan passed this key: it would have visited it. */
  covers(key: string): boolean;
}

/** A complaint when the entries are not in strict order or out of range. */
export function checkScanOrder({ entries, reverse, covers }: ScanResult): string | undefined {
  for (const [index, [key]] of entries.entries()) {
    if (!covers(key)) return `the scan gave '${key}', which is not in its range`;
    const before = entries[index - 1]?.[0];
    if (before === undefined) continue;
    if (reverse ? before <= key : before >= key) return `the scan gave '${key}' after '${before}'`;
  }
  return undefined;
}

/** A scan as reads of all `keys` in its range. */
export function scanAsReads(
  { entries, covers }: ScanResult,
  call: Pick<Call<unknown, unknown>, "thread" | "called" | "returned">,
  keys: Iterable<string>,
): Call<MapInput, MapOutput>[] {
  const seen = new Map(entries);
  const { thread, called, returned } = call;
  return [...keys].filter(covers).map((key) => ({
    thread,
    called,
    returned,
    input: { key, does: "get" },
    output: { value: seen.get(key) },
  }));
}
