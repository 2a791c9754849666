// Chooses prefixes to scan: prefixes of real keys, some cut at a path separator, some elsewhere.
import { MAX_KEY_BYTES } from "../keys/file.ts";
import { prefixFilter } from "../keys/order.ts";
import type { KeyTable } from "../keys/packed.ts";
import { below, type Random } from "../random.ts";

export interface PrefixCase {
  readonly prefix: string;
  /** The numbers of the keys that start with it, in byte order. */
  readonly selected: Uint32Array;
}

/** Limits for one thread's cases: keys tested, and entries kept. Filtering takes a second or two. */
const FILTER_BUDGET = 20_000_000;
const ENTRY_BUDGET = 1_000_000;
const MOST_CASES = 250;

/** Prefixes for one thread, each with the keys that a plain filter over all present keys selects. */
export function prefixCases(
  keys: KeyTable,
  present: Uint32Array,
  random: Random,
  most: number = Math.min(MOST_CASES, Math.ceil(FILTER_BUDGET / keys.count)),
): PrefixCase[] {
  const cases: PrefixCase[] = [{ prefix: "", selected: present }];
  const add = (prefix: string): void => {
    cases.push({ prefix, selected: prefixFilter(keys, present, Buffer.from(prefix)) });
  };
  if (present.length === 0) return cases;
  // Paths do not contain these characters, so no path starts with these prefixes. But a prefix may not
  // be longer than the longest key: if the least key has that length, the prefix is the key itself.
  const least = present[0]!;
  add(keys.byteLength(least) < MAX_KEY_BYTES ? `${keys.text(least)}\u0001` : keys.text(least));
  add("\u{10ffff}");
  for (let entries = present.length; cases.length < most && entries < ENTRY_BUDGET; ) {
    add(cut(keys.text(present[below(random, present.length)]!), random));
    entries += cases.at(-1)!.selected.length;
  }
  return cases;
}

/** The start of a key: half of the time up to one of its separators, otherwise up to any index. */
export function cut(key: string, random: Random): string {
  const anywhere = below(random, key.length + 1);
  const separator = key.lastIndexOf("/", anywhere);
  const prefix = key.slice(0, random() & 1 && separator >= 0 ? separator + 1 : anywhere);
  // A prefix has to be well-formed: it cannot end with half of a surrogate pair.
  return /[\ud800-\udbff]$/.test(prefix) ? prefix.slice(0, -1) : prefix;
}
