// Prefixes that are worth scanning: those of real keys, cut where paths are and where they are not.
import { MAX_KEY_BYTES } from "../keys/file.ts";
import { prefixFilter } from "../keys/order.ts";
import type { KeyTable } from "../keys/packed.ts";
import { below, type Random } from "../random.ts";

export interface PrefixCase {
  readonly prefix: string;
  /** Key numbers that start with it, in byte order. */
  readonly selected: Uint32Array;
}

/** Looks at keys and entries held for one thread's cases: a second or two of filtering. */
const FILTER_BUDGET = 20_000_000;
const ENTRY_BUDGET = 1_000_000;
const MOST_CASES = 250;

/** Cases for one thread, with what a plain filter over all present keys selects. */
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
  // Nothing starts with these: no well-formed path ends so. But a prefix is no longer than a key may
  // be: of the longest, the key itself, which selects only that one.
  const least = present[0]!;
  add(keys.byteLength(least) < MAX_KEY_BYTES ? `${keys.text(least)}\u0001` : keys.text(least));
  add("\u{10ffff}");
  for (let entries = present.length; cases.length < most && entries < ENTRY_BUDGET; ) {
    add(cut(keys.text(present[below(random, present.length)]!), random));
    entries += cases.at(-1)!.selected.length;
  }
  return cases;
}

/** The start of a key: half the time up to one of its separators, else up to anywhere. */
export function cut(key: string, random: Random): string {
  const anywhere = below(random, key.length + 1);
  const separator = key.lastIndexOf("/", anywhere);
  const prefix = key.slice(0, random() & 1 && separator >= 0 ? separator + 1 : anywhere);
  // A prefix has to be text: it cannot end in half of a surrogate pair.
  return /[\ud800-\udbff]$/.test(prefix) ? prefix.slice(0, -1) : prefix;
}
