// JavaScript's own `Map`. It has no order: a scan sorts first, and a prefix scan tests every key.
import type { OrderedMap, Range, Subject } from "./contract.ts";

/** The most entries that a `Map` can hold; one more throws a RangeError. */
export const MAP_LIMIT = 2 ** 24;

/** Compares as UTF-8 bytes do, that is, by code point. `<` would compare UTF-16 units. */
export function byCodePoint(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left === right) continue;
    // Surrogates encode code points above all code points that take one unit.
    const isLeftHigh = left >= 0xd800 && left < 0xe000;
    const isRightHigh = right >= 0xd800 && right < 0xe000;
    if (isLeftHigh !== isRightHigh) return isLeftHigh ? 1 : -1;
    return left - right;
  }
  return a.length - b.length;
}

/** The smallest string above all strings that start with `prefix`, if there is one. */
export function afterPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0)!);
  while (points.at(-1) === 0x10ffff) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
}

class SortingMap implements OrderedMap {
  readonly #map = new Map<string, unknown>();
  readonly #compare: ((a: string, b: string) => number) | undefined;

  constructor(ascii: boolean) {
    this.#compare = ascii ? undefined : byCodePoint;
  }

  get size(): number {
    return this.#map.size;
  }

  get(key: string): unknown {
    return this.#map.get(key);
  }

  has(key: string): boolean {
    return this.#map.has(key);
  }

  set(key: string, value: unknown): void {
    this.#map.set(key, value);
  }

  delete(key: string): boolean {
    return this.#map.delete(key);
  }

  *entries({
    prefix = "",
    gte = "",
    reverse = false,
    limit = Infinity,
  }: Range = {}): Generator<readonly [string, unknown]> {
    const selected: string[] = [];
    for (const key of this.#map.keys()) {
      if (key.startsWith(prefix) && (gte === "" || byCodePoint(key, gte) >= 0)) selected.push(key);
    }
    // Without a comparison function, the engine sorts natively, by UTF-16 units.
    selected.sort(this.#compare);
    if (reverse) selected.reverse();
    if (selected.length > limit) selected.length = limit;
    for (const key of selected) yield [key, this.#map.get(key)];
  }
}

export const nativeMap: Subject = {
  name: "Map",
  value: (i) => i,
  isValue: (found, i) => found === i,
  create: (ascii) => new SortingMap(ascii),
};
