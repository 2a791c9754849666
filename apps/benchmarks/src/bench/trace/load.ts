// Makes a replay of a file: its keys, its operations, and what has to come of them.
import { basename } from "node:path";
import { UsageError } from "../../failure.ts";
import { count } from "../../format.ts";
import { MAX_KEY_BYTES } from "../../keys/file.ts";
import { MAP_LIMIT } from "../../maps/native-map.ts";
import { type KeySet, packKeys } from "../keys/key-set.ts";
import { parseLine, type TraceLine, TraceProblem } from "./format.ts";
import { linesOf } from "./lines.ts";
import { DELETE, GET, INCREMENT, SCAN, SET, type Trace, traceWords } from "./trace.ts";

export interface LoadedTrace {
  /** The file's name without its folder. */
  readonly name: string;
  readonly set: KeySet;
  readonly trace: Trace;
}

/** Bad lines that are shown one by one; the rest are only counted. */
const SHOWN_PROBLEMS = 5;

/**
 * Reads a file of the format in format.ts.
 *
 * Keys whose first operation is not a `set` are in the map when the replay begins: the log was taken from a map that
 * had them. A `delete` of a key that is not there looks it up, an `add` to one sets it.
 *
 * @throws UsageError if the file cannot be read, or has lines that are no operations. It lists such lines by number.
 */
export async function loadTrace(path: string): Promise<LoadedTrace> {
  const log = new Log();
  const problems: string[] = [];
  let bad = 0;
  let number = 0;
  for await (const line of linesOf(path, "--trace")) {
    number++;
    try {
      const parsed = parseLine(line);
      if (parsed !== undefined) log.add(parsed);
    } catch (error) {
      if (!(error instanceof TraceProblem)) throw error;
      bad++;
      if (problems.length < SHOWN_PROBLEMS) problems.push(`line ${count(number)} ${error.message}`);
    }
  }
  if (bad > SHOWN_PROBLEMS) problems.push(`and ${count(bad - SHOWN_PROBLEMS)} more`);
  if (bad > 0) {
    throw new UsageError(
      `'${path}' has lines that are no operations:\n  ${problems.join("\n  ")}\n` +
        "Logs of YCSB and Redis have to be converted first: see convert-trace --help",
    );
  }
  if (log.length === 0) throw new UsageError(`'${path}' has no operations`);
  return { name: basename(path), ...log.finish() };
}

class Log {
  readonly #numbers = new Map<string, number>();
  readonly #codes: number[] = [];
  readonly #keys: number[] = [];
  readonly #counts: number[] = [];

  get length(): number {
    return this.#codes.length;
  }

  add({ word, key, count: entries }: TraceLine): void {
    let number = this.#numbers.get(key);
    if (number === undefined) {
      if (Buffer.byteLength(key) > MAX_KEY_BYTES)
        throw new TraceProblem("has a key that is too long");
      if (this.#numbers.size === MAP_LIMIT) throw new TraceProblem("has a key too many");
      number = this.#numbers.size;
      this.#numbers.set(key, number);
    }
    this.#codes.push(traceWords.indexOf(word));
    this.#keys.push(number);
    this.#counts.push(entries);
  }

  finish(): { set: KeySet; trace: Trace } {
    const total = this.#codes.length;
    const texts = [...this.#numbers.keys()];
    const first = new Int8Array(texts.length).fill(-1);
    for (let i = 0; i < total; i++)
      if (first[this.#keys[i]!] === -1) first[this.#keys[i]!] = this.#codes[i]!;
    const present = texts.filter((_, number) => first[number] !== SET);
    const absent = texts.filter((_, number) => first[number] === SET);
    const set = packKeys("trace", "string", present, absent);
    // `packKeys` has sorted `present`.
    const places = new Map([...present, ...absent].map((text, place) => [text, place]));
    const placeOf = Uint32Array.from(texts, (text) => places.get(text)!);

    const codes = new Uint8Array(new SharedArrayBuffer(total));
    const keys = new Uint32Array(new SharedArrayBuffer(total * 4));
    const counts = new Uint32Array(new SharedArrayBuffer(total * 4));
    const has = new Uint8Array(texts.length).fill(1, 0, present.length);
    let left = present.length;
    const tally = { hits: 0, scans: 0, increments: 0 };
    for (let i = 0; i < total; i++) {
      const key = placeOf[this.#keys[i]!]!;
      let code = this.#codes[i]!;
      if (has[key] === 0 && code === DELETE) code = GET;
      if (has[key] === 0 && code === INCREMENT) code = SET;
      if (code === GET && has[key] === 1) tally.hits++;
      if (code === SCAN) tally.scans++;
      if (code === INCREMENT) tally.increments++;
      const after = code === SET ? 1 : code === DELETE ? 0 : has[key]!;
      left += after - has[key]!;
      has[key] = after;
      codes[i] = code;
      keys[i] = key;
      counts[i] = this.#counts[i]!;
    }
    const shared = { codes: codes.buffer, keys: keys.buffer, counts: counts.buffer };
    return { set, trace: { length: total, ...shared, ...tally, left } };
  }
}
