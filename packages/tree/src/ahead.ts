/*
 * Strings that are elsewhere in memory: a processor that is asked for several at once waits for all of them together.
 */

/** How many items are looked at before the first of them is used. */
const AHEAD = 16;

/**
 * Calls `use` with each item, in order. Before that it looks at several in a row, which brings them near.
 *
 * @param itemOf what to make of what the iterable gives
 * @param canWait whether an item is still the same later, as far as it matters. This is the look. If not, it is used
 *   before the iterable is asked for another one
 * @internal
 */
export function withThoseAhead<G, T>(
  given: Iterable<G>,
  itemOf: (given: G) => T,
  canWait: (item: T) => boolean,
  use: (item: T) => void,
): void {
  let ahead: T[] = [];
  const useThem = () => {
    const items = ahead;
    // First: if one is refused, the others are not used either.
    ahead = [];
    for (let i = 0; i < items.length; i++) use(items[i]!);
  };
  for (const one of given) {
    const item = itemOf(one);
    ahead.push(item);
    if (!canWait(item) || ahead.length === AHEAD) useThem();
  }
  useThem();
}

/** The item itself. @internal */
export function theKey<K>(key: K): K {
  return key;
}

/** @internal */
export function isString(key: unknown): boolean {
  return typeof key === "string";
}

/** Whether an entry will be the same later, whatever the caller's code does meanwhile. @internal */
export function isConstant([key, value]: readonly [unknown, unknown]): boolean {
  const isObject = typeof value === "object" ? value !== null : typeof value === "function";
  return typeof key === "string" && !isObject;
}
