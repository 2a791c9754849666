import { show } from "../bytes.ts";
import { type Family, families } from "../families.ts";
import { INSERTED } from "../instance.ts";
import type { Context, Report } from "../roles.ts";
import { must, wordOf } from "../values.ts";

/** Comes and goes: attaches, writes a few keys of its own, removes those of the time before, detaches. */
export function come(
  { tree, thread, threads, shared, random, start }: Context,
  { family, rounds, keys }: { family: Family; rounds: number; keys: number },
): Report {
  let held: [number, number][] = [];
  let operations = 0;
  start();
  for (let round = 0; round < rounds && !shared.stopped; round++) {
    const fresh: [number, number][] = [];
    for (let i = 0; i < keys; i++) {
      const index = ((round % 2) * keys + i) * threads + thread;
      const value = wordOf(index, thread, round);
      const key = families[family](index);
      must(tree.set(key, value) === INSERTED, () => `${show(key)} was there already`);
      fresh.push([index, value]);
    }
    for (const [index, value] of held) {
      const key = families[family](index);
      must(tree.get(key) === value, () => `${show(key)} was written before, and is not there`);
      must(tree.remove(key), () => `${show(key)} cannot be removed`);
    }
    operations += 3 * keys;
    held = fresh;
    if (random() < 0.5) tree.scan({}, 10, 30);
    tree.detach();
    tree.attach();
  }
  return { operations, entries: held };
}
