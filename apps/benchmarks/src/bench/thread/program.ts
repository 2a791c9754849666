// What a thread is going to do, decided before the clock runs: which operation, of which key, and what has to come
// of it.
import { below, type Random, randomFrom } from "../../random.ts";
import { type ChoiceName, chooser } from "../choice.ts";
import type { Key } from "../peers/peer.ts";
import { type Operation, SHORT, type Workload } from "../workloads.ts";
import type { Contents } from "./contents.ts";

export const operations: readonly Operation[] = [
  "get",
  "get absent",
  "get fresh",
  "get many",
  "update",
  "modify",
  "insert",
  "increment",
  "scan",
  "scan back",
  "scan prefix",
  "scan all",
  "for each",
];

/** Numbers of operations, for loops that switch on them. */
export const [
  GET,
  GET_ABSENT,
  GET_FRESH,
  GET_MANY,
  UPDATE,
  MODIFY,
  INSERT,
  INCREMENT,
  SCAN,
  SCAN_BACK,
  SCAN_PREFIX,
  SCAN_ALL,
  FOR_EACH,
] = operations.keys() as unknown as readonly number[] as [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

export interface Program {
  readonly length: number;
  /** The only operation, if there is only one. */
  readonly single: number | undefined;
  readonly codes: Uint8Array;
  /** Each operation's key; for `get many` unused. */
  readonly keys: Key[];
  /** What updates set. */
  readonly values: unknown[];
  readonly batches: Key[][];
  readonly prefixes: string[];
  /** How many entries each operation has to meet. */
  readonly expected: Uint32Array;
  /** The keys that inserts take one after the other, with their values. */
  readonly fresh: Key[];
  readonly freshValues: unknown[];
  /** For `latest` with inserts: how far back from the newest key, which loops have to look up. */
  readonly back: Uint32Array | undefined;
  /** The keys of the full map in the order in which they were inserted, for `back`. */
  readonly inserted: Key[];
  readonly texts: { readonly numbers: Uint32Array } | undefined;
  /** How many of `fresh` were inserted. Changes while the program runs. */
  grown: number;
  /** How many of them the map has confirmed: only these can be looked up. */
  settled: number;
}

export interface ProgramParts {
  readonly workload: Workload;
  readonly choice: ChoiceName | undefined;
  readonly thread: number;
  readonly threads: number;
  readonly contents: Contents;
}

/** Keys that increments count at. */
export const COUNTERS = 1000;

/**
 * Long enough that a loop seldom begins again within one sample, and that no processor learns what comes next. A small
 * map needs less, because its keys come again in any case.
 */
const MOST_POINTS = 2 ** 21;
const LEAST_POINTS = 2 ** 16;
const SCANS = 2 ** 13;
const BATCHES = 2 ** 11;
const TIMES = 64;

export function makeProgram(parts: ProgramParts): Program {
  const { workload, contents, thread, threads } = parts;
  const { set, keys } = contents;
  if (workload.shape.kind !== "steady") throw new Error(`${workload.name} has no program`);
  const { mix, hot } = workload.shape;
  const random = randomFrom(contents.seed, 1000 + thread);
  const single = mix.length === 1 ? operations.indexOf(mix[0]![0]) : undefined;
  const length = lengthFor(mix[0]![0], set.size);
  const has = (operation: Operation): boolean => mix.some(([name]) => name === operation);

  const codes = codesOf(mix, length, random);
  const growing = has("insert");
  const numbers = numbersFor(parts, length, random, hot === true);
  const latest = growing && parts.choice === "latest";
  const keyOf = (number: number): Key => keys[number]!;
  const fresh: Key[] = [];
  const freshValues: unknown[] = [];
  if (growing) {
    for (let n = set.size + thread; n < set.size + set.absent; n += threads) {
      fresh.push(keys[n]!);
      freshValues.push(contents.values[n]);
    }
  }
  const many = has("get many");
  return {
    // Each step of `get many` takes a whole batch.
    length: many ? length / SHORT : length,
    single,
    codes,
    keys: many || latest ? [] : Array.from(numbers, keyOf),
    values:
      has("update") || has("modify")
        ? Array.from(numbers, (number) => contents.updates[number])
        : [],
    batches: many ? batchesOf(numbers, keyOf) : [],
    prefixes: has("scan prefix")
      ? Array.from(numbers, (n) => prefixAt(keys as string[], set.size, n))
      : [],
    expected: expectedOf(parts, numbers, codes),
    fresh,
    freshValues,
    back: latest ? numbers : undefined,
    inserted: latest ? Array.from(contents.order, keyOf) : [],
    texts: has("get fresh") ? { numbers } : undefined,
    grown: 0,
    settled: 0,
  };
}

function lengthFor(operation: Operation, size: number): number {
  if (operation === "scan all" || operation === "for each") return 1;
  if (operation.startsWith("scan")) return Math.min(SCANS, TIMES * size);
  if (operation === "get many") return Math.min(BATCHES, size) * SHORT;
  return Math.max(Math.min(MOST_POINTS, 2 * size), Math.min(LEAST_POINTS, TIMES * size));
}

function codesOf(
  mix: readonly (readonly [Operation, number])[],
  length: number,
  random: Random,
): Uint8Array {
  const codes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    let left = below(random, 100);
    for (const [operation, share] of mix) {
      if (left < share) {
        codes[i] = operations.indexOf(operation);
        break;
      }
      left -= share;
    }
  }
  return codes;
}

/** The keys' numbers, or for `latest` in a map that grows how far back they are. */
function numbersFor(
  { workload, choice = "uniform", contents, thread, threads }: ProgramParts,
  length: number,
  random: Random,
  hot: boolean,
): Uint32Array {
  const { size, absent } = contents.set;
  const { mix } = workload.shape as { mix: readonly (readonly [Operation, number])[] };
  const numbers = new Uint32Array(length);
  if (hot) return numbers.fill(size >>> 1);
  const start = Math.floor((size * thread) / threads);
  const growing = mix.some(([operation]) => operation === "insert");
  const [base, range] = rangeOf(mix[0]![0], size, absent);
  const choose = chooser(choice, range, random, start);
  for (let i = 0; i < length; i++) {
    const chosen = choose();
    const isBack = choice === "latest" && base === 0;
    numbers[i] = isBack && !growing ? contents.order[size - 1 - chosen]! : base + chosen;
  }
  return numbers;
}

function rangeOf(
  operation: Operation,
  size: number,
  absent: number,
): [base: number, range: number] {
  if (operation === "get absent") return [size, absent];
  if (operation === "increment") return [size, Math.min(COUNTERS, absent)];
  return [0, size];
}

function batchesOf(numbers: Uint32Array, keyOf: (number: number) => Key): Key[][] {
  const batches: Key[][] = [];
  for (let i = 0; i < numbers.length; i += SHORT) {
    batches.push(Array.from(numbers.subarray(i, i + SHORT), keyOf));
  }
  return batches;
}

/** The longest text that the key and those after it begin with, so far that half a short scan fits. */
function prefixAt(keys: readonly string[], size: number, number: number): string {
  const key = keys[number]!;
  const other = keys[Math.min(size - 1, number + SHORT / 2)]!;
  let shared = 0;
  while (shared < key.length && key[shared] === other[shared]) shared++;
  // A pair of surrogates is one character.
  if (shared > 0 && key.charCodeAt(shared - 1) >= 0xd800 && key.charCodeAt(shared - 1) < 0xdc00)
    shared--;
  return key.slice(0, shared);
}

function expectedOf(
  { contents }: ProgramParts,
  numbers: Uint32Array,
  codes: Uint8Array,
): Uint32Array {
  const { size } = contents.set;
  const keys = contents.keys as string[];
  return Uint32Array.from(codes, (code, i) => {
    const number = numbers[i]!;
    switch (code) {
      case GET_ABSENT:
        return 0;
      case GET_MANY:
        return SHORT;
      case SCAN:
        return Math.min(SHORT, size - number);
      case SCAN_BACK:
        return Math.min(SHORT, number + 1);
      case SCAN_PREFIX:
        return Math.min(SHORT, matches(keys, size, prefixAt(keys, size, number), number));
      case SCAN_ALL:
      case FOR_EACH:
        return size;
      default:
        return 1;
    }
  });
}

/** How many of the sorted keys begin with a text that the key with a number begins with: they are its neighbours. */
function matches(keys: readonly string[], size: number, prefix: string, number: number): number {
  let from = number;
  let to = number;
  while (from > 0 && keys[from - 1]!.startsWith(prefix)) {
    from--;
    if (to - from >= SHORT) return SHORT;
  }
  while (to + 1 < size && keys[to + 1]!.startsWith(prefix)) {
    to++;
    if (to - from >= SHORT) return SHORT;
  }
  return to - from + 1;
}
