import { type Family, families } from "../families.ts";
import { INSERTED, type Range } from "../instance.ts";
import type { Context, Report } from "../roles.ts";
import { indexOf, must, wordOf } from "../values.ts";

// The window [LOW, HIGH) of keys that are there. LOW is raised before the key below it is removed, HIGH
// after the key was inserted: whoever reads them knows that the keys between are there, and that those
// outside, but for the next one, are not.
const LOW = 0;
const HIGH = 1;

/** Slides a window over ascending keys: inserts at its upper end, removes at its lower one. */
export function slide(
  { tree, shared, start }: Context,
  { family, width, count }: { family: Family; width: number; count: number },
): Report {
  start();
  for (let index = 0; index < count && !shared.stopped; index++) {
    must(tree.set(families[family](index), wordOf(index)) === INSERTED, () => `${index} was there`);
    shared.store(HIGH, index + 1);
    if (index < width) continue;
    shared.store(LOW, index - width + 1);
    must(tree.remove(families[family](index - width)), () => `${index - width} was not there`);
  }
  return { operations: 2 * count, entries: [] };
}

/** Scans the window in both directions: no key that was there throughout is missing, and none comes that was never there meanwhile. */
export function trail(
  { tree, shared, random, start }: Context,
  { writers, sorted }: { writers: number; sorted: boolean },
): Report {
  start();
  let operations = 0;
  do {
    const reverse = random() < 0.5;
    const range: Range = { reverse };
    const before = { low: shared.load(LOW), high: shared.load(HIGH) };
    const seen = tree.scan(range, 1 + Math.floor(random() * 20)).map(([, value]) => indexOf(value));
    const after = { low: shared.load(LOW), high: shared.load(HIGH) };
    // Of other keys, the numbers are not in the order of the keys.
    if (!sorted) seen.sort((a, b) => a - b);
    else if (reverse) seen.reverse();
    for (const [i, index] of seen.entries()) {
      must(i === 0 || index > (seen[i - 1] as number), () => `${index} came out of order`);
      // The key below LOW may still be in the course of its removal.
      const possible = index >= before.low - 1 && index <= after.high;
      must(possible, () => `a phantom: ${index}, outside [${before.low}, ${after.high})`);
    }
    const set = new Set(seen);
    for (let index = after.low; index < before.high; index++) {
      must(set.has(index), () => `${index} was there throughout, and the scan has it not`);
    }
    operations += seen.length;
  } while (shared.ended < writers && !shared.stopped);
  return { operations, entries: [] };
}
