// What the history of calls on a map has to satisfy: point operations, scans, and a call that removes all.
import type { Operation, Run } from "../machine/program.ts";
import { type Call, findViolation } from "./check.ts";
import {
  checkScanOrder,
  type MapInput,
  type MapOutput,
  mapModel,
  type ScanResult,
  scanAsReads,
} from "./map-model.ts";

/** From `start` (inclusive; from the end of the map when absent), up to `limit` entries. */
export interface ScanOptions {
  readonly start?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** An operation on a map, with its meaning for the sequential map. */
export interface MapOperation extends Operation {
  /** Of a call on one key, whose `after` gives a `MapOutput`. */
  readonly input?: MapInput;
  /**
   * Of a call that writes several keys, in any order among others' calls: what it does with each. It does not say what
   * was there before; its `after` gives undefined, or a `MapOutput` that has `failed` if it has done nothing.
   */
  readonly inputs?: readonly MapInput[];
  /** The range of a scan, whose `after` gives a `ScanResult`. */
  readonly scans?: ScanOptions;
  /** Removes every key that is there from its start to its end. */
  readonly isClear?: boolean;
  /** Of a clear that need not remove every key: whether it may remove a key. */
  clears?(key: string): boolean;
}

/** What is wrong with a run's history, given what the map held before and holds now. */
export function checkMapHistory(
  before: ReadonlyMap<string, string>,
  { history, steps }: Run,
  now: ReadonlyMap<string, string>,
): string | undefined {
  const keys = new Set([...before.keys(), ...now.keys()]);
  for (const { operation, result, returned } of history) {
    const { input, inputs = [], scans } = operation as MapOperation;
    if (input !== undefined) keys.add(input.key);
    for (const { key } of inputs) keys.add(key);
    // A key that nobody ever set must not go unnoticed.
    if (scans !== undefined && returned < Infinity) {
      for (const [key] of (result as ScanResult).entries) keys.add(key);
    }
  }
  const calls: Call<MapInput, MapOutput>[] = [];
  for (const record of history) {
    const { operation, thread, called, returned, result } = record;
    const { input, inputs, scans, isClear, clears } = operation as MapOperation;
    if (isClear) {
      // It does not say what it removed, and may not have come to a key before it died.
      for (const key of keys) {
        if (clears !== undefined && !clears(key)) continue;
        const end = clears === undefined ? returned : Number.POSITIVE_INFINITY;
        const input = { key, does: "remove" } as const;
        calls.push({ thread, input, output: undefined, called, returned: end });
      }
    } else if (input !== undefined || inputs !== undefined) {
      const output = returned === Number.POSITIVE_INFINITY ? undefined : (result as MapOutput);
      for (const one of input === undefined ? inputs! : [input]) {
        calls.push({ thread, input: one, output, called, returned });
      }
    } else if (scans !== undefined && returned !== Number.POSITIVE_INFINITY) {
      const complaint = checkScanOrder(result as ScanResult);
      if (complaint !== undefined) return complaint;
      calls.push(...scanAsReads(result as ScanResult, { thread, called, returned }, keys));
    }
  }
  // What is there in the end is as if someone had read it all afterwards.
  for (const key of keys) {
    const output = { value: now.get(key) };
    const called = steps + 1;
    calls.push({ thread: -1, input: { key, does: "get" }, output, called, returned: called + 1 });
  }
  const violation = findViolation(mapModel(before), calls);
  if (violation === undefined) return undefined;
  const list = violation.calls.map(describeCall).join("; ");
  return `no order explains the calls on '${violation.part}': ${list}`;
}

function describeCall({
  thread,
  input,
  output,
  called,
  returned,
}: Call<MapInput, MapOutput>): string {
  const who = thread < 0 ? "afterwards" : `thread ${thread}`;
  const what = input.value === undefined ? input.does : `${input.does} ${input.value}`;
  const gave = output === undefined ? "never returned" : `gave ${answerOf(output)}`;
  return `${who} ${what} ${gave} [${called}, ${returned}]`;
}

function answerOf({ value, existed }: MapOutput): string {
  if (existed !== undefined) return existed ? "something" : "nothing";
  return value ?? "nothing";
}
