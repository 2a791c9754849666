import { type Family, families } from "../families.ts";
import { INSERTED } from "../instance.ts";
import type { Context, Report } from "../roles.ts";
import { must, wordOf } from "../values.ts";

/** The shared word in which the writer says how far it is. */
const WRITTEN = 0;

/** Inserts keys in turn, again and again from the start while a remover follows; ends when it is through. */
export function flee(
  { tree, shared, start }: Context,
  { family, count }: { family: Family; count: number },
): Report {
  start();
  for (let index = 0; index < count && !shared.stopped; index++) {
    const outcome = tree.set(families[family](index), wordOf(index));
    must(outcome === INSERTED, () => `key ${index} was there before it was written`);
    shared.store(WRITTEN, index + 1);
  }
  return { operations: count, entries: [] };
}

/** Follows the writer, removing every `stride`th key up to `until` as soon as it is written. */
export function chase(
  { tree, shared, start }: Context,
  {
    family,
    first,
    stride,
    until,
  }: { family: Family; first: number; stride: number; until: number },
): Report {
  start();
  let operations = 0;
  for (let index = first; index < until && !shared.stopped; index += stride) {
    while (shared.load(WRITTEN) <= index && !shared.stopped) {
      // The key that comes next may be there already, but no other.
      const found = tree.get(families[family](index));
      must(found === undefined || found === wordOf(index), () => `key ${index} has ${found}`);
    }
    if (shared.stopped) break;
    must(tree.remove(families[family](index)), () => `key ${index} was written, and is not there`);
    must(!tree.has(families[family](index)), () => `key ${index} was removed, and is there`);
    operations += 2;
  }
  return { operations, entries: [] };
}
