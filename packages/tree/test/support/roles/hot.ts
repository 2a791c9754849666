import { show } from "../bytes.ts";
import { type Family, families } from "../families.ts";
import { INSERTED, REPLACED } from "../instance.ts";
import type { Context, Report } from "../roles.ts";
import { indexOf, must, sequenceOf, wordOf, writerOf } from "../values.ts";

/** Overwrites keys 0 to keys - 1, which are there, in turn, and reads them: what it wrote, or a value of another thread that came after. */
export function overwrite(
  { tree, thread, shared, start }: Context,
  { family, keys, times }: { family: Family; keys: number; times: number },
): Report {
  const list = Array.from({ length: keys }, (_, index) => families[family](index));
  const last: [number, number][] = [];
  start();
  for (let sequence = 1; sequence <= times && !shared.stopped; sequence++) {
    for (const [index, key] of list.entries()) {
      const value = wordOf(index, thread, sequence);
      must(tree.set(key, value) === REPLACED, () => `${show(key)} was not there`);
      must(indexOf(tree.found()) === index, () => `${show(key)} had ${tree.found()}`);
      const found = tree.get(key) as number;
      const fits = indexOf(found) === index && (writerOf(found) !== thread || found === value);
      must(fits, () => `${show(key)} has ${found} after ${value} was written`);
      last[index] = [index, value];
    }
  }
  return { operations: 2 * keys * times, entries: last };
}

/**
 * Reads and writes at a ratio: 1 of `every` operations is a put of a key of its own (or of a shared
 * one), the others are gets of keys that were put, which must be there.
 */
export function readAt(
  { tree, thread, threads, shared, random, start }: Context,
  options: { family: Family; keys: number; operations: number; every: number; shared: boolean },
): Report {
  const { family, keys, operations, every } = options;
  const put = new Map<number, number>();
  const known: number[] = [];
  start();
  for (let i = 0; i < operations && !shared.stopped; i++) {
    if (i % every === 0) {
      const drawn = Math.floor(random() * keys);
      const index = options.shared ? drawn : drawn * threads + thread;
      const value = wordOf(index, thread, i + 1);
      const outcome = tree.set(families[family](index), value);
      if (!options.shared) {
        must(outcome === (put.has(index) ? REPLACED : INSERTED), () => `key ${index}: ${outcome}`);
      }
      if (!put.has(index)) known.push(index);
      put.set(index, value);
    } else {
      const index = known[Math.floor(random() * known.length)] as number;
      const found = tree.get(families[family](index));
      must(found !== undefined && indexOf(found) === index, () => `key ${index} has ${found}`);
      if (writerOf(found) === thread) {
        must(found === put.get(index), () => `key ${index} has ${sequenceOf(found)}, not the last`);
      }
    }
  }
  return { operations, entries: [...put] };
}

/** Rounds of insert (new), get, remove (there), get (gone), each over all its keys. */
export function rounds(
  { tree, thread, threads, shared, start }: Context,
  { family, keys, times }: { family: Family; keys: number; times: number },
): Report {
  const mine = Array.from({ length: keys }, (_, i) => i * threads + thread);
  start();
  for (let time = 0; time < times && !shared.stopped; time++) {
    const each = (step: string, succeeds: (key: Uint8Array, value: number) => boolean) => {
      for (const index of mine) {
        const key = families[family](index);
        must(succeeds(key, wordOf(index, thread, time)), () => `${step} ${show(key)} failed`);
      }
    };
    each("insert", (key, value) => tree.set(key, value) === INSERTED);
    each("get", (key, value) => tree.get(key) === value);
    each("remove", (key, value) => tree.remove(key) && tree.found() === value);
    each("get after remove", (key) => tree.get(key) === undefined);
  }
  return { operations: 4 * keys * times, entries: [] };
}
