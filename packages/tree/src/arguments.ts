// What methods of maps and sets require of callbacks and lists, before they do anything.
import { describe } from "@masstree/errors/options";

/** @internal */
export function requireCallback(callback: unknown, method: string): void {
  if (typeof callback !== "function") throw new TypeError(`${method} takes a function.`);
}

/** A list of keys or entries. A string is one of its characters, which nobody means. @internal */
export function requireList(list: unknown, method: string): void {
  const isList = typeof list === "object" && list !== null && Symbol.iterator in list;
  if (!isList) throw new TypeError(`${method} takes an iterable, such as an array.`);
}

/** The members of a `[key, value]` pair, each read once. @internal */
export function pairOf<K, V>(entry: readonly [K, V], method: string = "setMany"): readonly [K, V] {
  if (typeof entry !== "object" || entry === null) {
    throw new TypeError(`${method} takes [key, value] pairs, not ${describe(entry)}.`);
  }
  return [entry[0], entry[1]];
}
