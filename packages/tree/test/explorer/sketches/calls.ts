// The calls of generated programs, as texts: their names, without the values, which are numbered by their places.
import type { Random } from "@tooling/interleave/catalog";
import {
  add,
  calling,
  clear,
  compare,
  failing,
  get,
  insert,
  remove,
  replace,
  scan,
  set,
  statistic,
  type TreeOperation,
} from "../operations.ts";
import { oneOf, weighted } from "./keys.ts";

const plain: Readonly<Record<string, TreeOperation>> = {
  clear,
  quiesce: calling("quiesce"),
  maintain: calling("maintain"),
  tryAdvance: calling("tryAdvance"),
  churn: calling("churn"),
};

const statistics = [
  "size",
  "layers",
  "leaves",
  "internodes",
  "height",
  "liveBytes",
  "liveBlocks",
  "retiredBytes",
  "retiredBlocks",
];

/** What a text calls. Throws when it calls nothing. */
export function parseCall(text: string, value: bigint): TreeOperation {
  const [, rest, block] = /^(.*) without block (\d+)$/.exec(text) ?? [];
  if (rest !== undefined) return failing(parseCall(rest, value), Number(block));
  const [, way, start, limit] = /^scan (up|down)(?: from (\S+))? (\d+)$/.exec(text) ?? [];
  if (way !== undefined) {
    return scan({ reverse: way === "down", limit: Number(limit), ...(start && { start }) });
  }
  const [, compared, expected, removes] =
    /^compare (\S+) with (\d+)( and remove)?$/.exec(text) ?? [];
  if (compared !== undefined) {
    return compare(compared, BigInt(expected!), removes === undefined ? value : undefined);
  }
  const [, does, key] = /^(get|set|replace|insert|add|remove) (\S+)$/.exec(text) ?? [];
  if (does === "get") return get(key!);
  if (does === "set") return set(key!, value);
  if (does === "replace") return replace(key!, value);
  if (does === "insert") return insert(key!, value);
  if (does === "add") return add(key!, value);
  if (does === "remove") return remove(key!);
  const found = plain[text];
  if (found !== undefined) return found;
  if (statistics.includes(text)) return statistic(text);
  throw new Error(`'${text}' is no call on a tree`);
}

/** The key of a call's text, or the start of its scan. */
export function keyOf(text: string): string | undefined {
  return /^(?:get|set|replace|insert|compare|add|remove|scan up from|scan down from) (\S+)/.exec(
    text,
  )?.[1];
}

/** How a call is drawn. */
export interface Drawing {
  /** Draws its key. */
  readonly key: () => string;
  /** The calls of other threads. */
  readonly others: readonly string[];
  /** Whether an allocation fails when told to. */
  readonly canFail: boolean;
  readonly random: Random;
}

/** A thread's calls. Often they fill what was freed, and undo what others do. */
export function drawCalls(count: number, drawing: Drawing): string[] {
  const { key, others, canFail, random } = drawing;
  const calls: string[] = [];
  while (calls.length < count) {
    const fills = calls.some((call) => call.startsWith("remove")) && random() < 0.5;
    const undone = others.length > 0 && random() < 0.2 ? undo(oneOf(others, random)) : undefined;
    const call = undone ?? (fills ? `set ${key()}` : drawCall(key, random));
    const fails = canFail && /^(set|insert|add|remove) /.test(call) && random() < 0.04;
    calls.push(fails ? `${call} without block ${oneOf([0, 0, 1, 2], random)}` : call);
  }
  return calls;
}

/** What undoes a call; undefined for one that does nothing. */
function undo(call: string): string | undefined {
  const [, does, key] = /^(set|insert|remove) (\S+)/.exec(call) ?? [];
  if (does === undefined) return undefined;
  return does === "remove" ? `set ${key}` : `remove ${key}`;
}

function drawCall(key: () => string, random: Random): string {
  // First values of keys are numbered from 100 on, those of the calls from 1 on.
  const expected = () => oneOf([100, 100, 101, 102, 103, 1, 2, 3, 4], random);
  const limit = () => oneOf([1, 1, 2, 3, 6, 100, 100], random);
  return weighted<() => string>(
    [
      [() => `set ${key()}`, 27],
      [() => `remove ${key()}`, 25],
      [() => `get ${key()}`, 18],
      [() => `replace ${key()}`, 4],
      [() => `insert ${key()}`, 4],
      [() => `add ${key()}`, 4],
      [() => `compare ${key()} with ${expected()}${random() < 0.3 ? " and remove" : ""}`, 6],
      [() => `scan up from ${key()} ${limit()}`, 8],
      [() => `scan down from ${key()} ${limit()}`, 8],
      [() => `scan up ${limit()}`, 2],
      [() => `scan down ${limit()}`, 2],
      [() => "quiesce", 3],
      [() => "tryAdvance", 4],
      [() => "clear", 1],
      [() => "churn", 0.5],
      [() => oneOf(statistics, random), 0.5],
    ],
    random,
  )();
}

/** Calls that do less. */
export function simplerCalls(text: string): string[] {
  const without = text.replace(/ without block \d+$/, "");
  if (without !== text) return [without];
  if (/^scan .* (?!1$)\d+$/.test(text)) return [text.replace(/\d+$/, "1")];
  if (/^compare /.test(text)) {
    return [text.replace(/^compare (\S+) .*/, text.endsWith("remove") ? "remove $1" : "set $1")];
  }
  return /^(replace|insert|add) /.test(text) ? [text.replace(/^\w+/, "set")] : [];
}
