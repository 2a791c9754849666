// Keys that share leaves, layers, suffixes and splits.
//
// A stem is a few letters; between any two is room for more. In front of it are as many shared slices of eight bytes
// as it has layers above it. Behind it, from the eighth byte on, may be a tail: the key then has a suffix, and shares
// its slice with the same stem's other tails, with which it makes a layer.
import type { Random } from "@tooling/interleave/catalog";
import { everySecond, p } from "../shape.ts";

/** One of `all`. */
export function oneOf<Item>(all: readonly Item[], random: Random): Item {
  return all[Math.floor(random() * all.length)]!;
}

/** Draws by weights. */
export function weighted<Item>(all: readonly (readonly [Item, number])[], random: Random): Item {
  let left = random() * all.reduce((sum, [, weight]) => sum + weight, 0);
  return (all.find(([, weight]) => {
    left -= weight;
    return left < 0;
  }) ?? all.at(-1)!)[0];
}

/** Some of them are more than a bag has room for that was made for short ones. */
const tails = ["x", "y", "xx", "s".repeat(16), "t".repeat(40), "u".repeat(150)];

/** The same key up to where its suffix begins. */
function padded(key: string): string {
  return key.padEnd(Math.ceil(key.length / p.length) * p.length, "-");
}

/** A map's keys in order, before any is removed. */
export function drawKeys(width: number, random: Random): string[] {
  const small = width < 8;
  const count = weighted(
    [
      [0, 1],
      [1, 2],
      [2, 2],
      [width - 1, 2],
      [width, 8],
      [width + 1, 4],
      [2 * width, small ? 4 : 2],
      [2 * width + 2, small ? 4 : 1],
      [3 * width + 1, small ? 2 : 0],
      // Fills an internode.
      [width * width + 1, small ? 1 : 0],
    ],
    random,
  );
  const prefix = weighted([["", 5] as const, [p, 4] as const, [p + p, 1] as const], random);
  const tail = weighted(
    [[undefined, 6] as const, ["", 1] as const, [oneOf(tails, random), 3] as const],
    random,
  );
  const stems = everySecond(count).map((stem) => prefix + stem);
  const keys = stems.map((key) => {
    if (tail === undefined) return key;
    // All with one tail; or each with its own, or none.
    if (tail !== "") return padded(key) + tail;
    return random() < 0.3 ? key : padded(key) + oneOf(tails, random);
  });
  if (random() < 0.3) keys.push(...["a", p, `${p}x`, "zz"].filter(() => random() < 0.4));
  return [...new Set(keys)];
}

/** A key in front of this one, if there is one that differs in its last letter only. */
function before(key: string): string {
  const last = String.fromCharCode(key.charCodeAt(key.length - 1) - 1);
  return /[a-z0-9]/.test(last) ? key.slice(0, -1) + last : key;
}

/** Keys near one: itself, its neighbours among `keys`, one between, and others with its slices. */
export function neighbours(key: string, keys: readonly string[], random: Random): string {
  const sorted = [...new Set([...keys, key])].sort();
  const at = sorted.indexOf(key);
  return weighted<() => string>(
    [
      [() => key, 6],
      [() => sorted[at - 1] ?? key, 2],
      [() => sorted[at + 1] ?? key, 2],
      [() => `${key}1`, 3],
      // In front of it.
      [() => before(key), 1],
      [() => padded(key) + oneOf(tails, random), 1],
      [() => `${p}${oneOf(["x", "y", "b"], random)}`, 0.3],
    ],
    random,
  )();
}
