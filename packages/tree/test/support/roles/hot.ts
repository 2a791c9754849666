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

/** Triangular overwrites of keys of its own: key i once for each j >= i. The last write wins. */
export function triangle(
  { tree, thread, threads, shared, start }: Context,
  { family, keys }: { family: Family; keys: number },
): Report {
  start();
  for (let last = 0; last < keys && !shared.stopped; last++) {
    for (let i = 0; i <= last; i++) {
      const index = i * threads + thread;
      const outcome = tree.set(families[family](index), wordOf(index, thread, last));
      must(outcome === (i === last ? INSERTED : REPLACED), () => `key ${index}: ${outcome}`);
    }
  }
  const entries = Array.from({ length: keys }, (_, i): [number, number] => {
    const index = i * threads + thread;
    return [index, wordOf(index, thread, keys - 1)];
  });
  return { operations: (keys * (keys + 1)) / 2, entries };
}

/** Gets keys that are there in sorted batches. */
export function readSorted(
  { tree, shared, random, start }: Context,
  { family, count, batches }: { family: Family; count: number; batches: number },
): Report {
  start();
  for (let batch = 0; batch < batches && !shared.stopped; batch++) {
    const indices = Array.from({ length: 64 }, () => Math.floor(random() * count));
    for (const index of indices.sort((a, b) => a - b)) {
      must(tree.get(families[family](index)) === wordOf(index), () => `key ${index} is not there`);
    }
  }
  return { operations: 64 * batches, entries: [] };
}

/** Removes one key and inserts it again with its next value, over and over; it is not there in the end. */
export function renew(
  { tree, thread, shared, start }: Context,
  { family, index, times }: { family: Family; index: number; times: number },
): Report {
  const key = families[family](index);
  start();
  for (let time = 1; time <= times && !shared.stopped; time++) {
    must(tree.set(key, wordOf(index, thread, time)) === INSERTED, () => `${show(key)} was there`);
    // Nobody can see a value before this, or one after the next.
    shared.store(0, time);
    must(tree.remove(key), () => `${show(key)} was not there`);
    must(tree.found() === wordOf(index, thread, time), () => `${show(key)} had ${tree.found()}`);
  }
  return { operations: 2 * times, entries: [] };
}

/**
 * Watches the key that `renew` renews: it has its value, the next one, or none; and never goes back.
 * `get` asks for it, and a scan that starts at it and gives one entry, which is the key or its neighbour
 * in the scan's direction among keys 0 to neighbours - 1, which stay; nothing where it has none.
 */
export function follow(
  { tree, shared, random, start }: Context,
  options: { family: Family; index: number; neighbours: number; writers: number },
): Report {
  const { family, index, neighbours, writers } = options;
  const key = families[family](index);
  const others = Array.from({ length: neighbours }, (_, i) => i).sort((a, b) =>
    Buffer.compare(families[family](a), families[family](b)),
  );
  const isAfter = (i: number) => Buffer.compare(families[family](i), key) > 0;
  const successor = others.find(isAfter);
  const predecessor = others.findLast((i) => !isAfter(i));
  let latest = 0;

  const check = (before: number, value: number) => {
    const after = shared.load(0);
    const time = sequenceOf(value);
    must(indexOf(value) === index, () => `${show(key)} has ${value}`);
    const fits = time >= before && time <= after + 1 && time >= latest;
    must(fits, () => `${show(key)} has ${time}, between ${before} and ${after}, after ${latest}`);
    latest = time;
  };

  let operations = 0;
  start();
  do {
    const before = shared.load(0);
    const value = tree.get(key);
    if (value !== undefined) check(before, value);

    const reverse = random() < 0.25;
    const neighbour = reverse ? predecessor : successor;
    const beforeScan = shared.load(0);
    const seen = tree.scan({ start: key, startInclusive: true, reverse }, 1, 1);
    must(seen.length <= 1, () => `a scan of one entry gave ${seen.length}`);
    const [first] = seen;
    if (first !== undefined && Buffer.compare(first[0], key) === 0) {
      check(beforeScan, first[1]);
    } else {
      const found = first === undefined ? undefined : indexOf(first[1]);
      must(found === neighbour, () => `a scan from ${show(key)} gave ${found}, not ${neighbour}`);
      if (first !== undefined && found !== undefined) {
        const whole = Buffer.compare(first[0], families[family](found)) === 0;
        must(
          whole && first[1] === wordOf(found),
          () => `a scan gave ${show(first[0])}: ${first[1]}`,
        );
      }
    }
    operations += 2;
  } while (shared.ended < writers && !shared.stopped);
  return { operations, entries: [] };
}
