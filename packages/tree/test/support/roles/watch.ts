import { hex, show } from "../bytes.ts";
import { type Family, families } from "../families.ts";
import type { Key } from "../instance.ts";
import type { Context, Report } from "../roles.ts";
import { indexOf, must } from "../values.ts";

/** What a watcher watches: keys 0 to count - 1, of which every `stride`th never changes. */
interface Watched {
  family: Family;
  count: number;
  stride: number;
  /** The watcher goes on until so many threads have ended. */
  writers: number;
}

/** Knows what must be there: the base keys, always; and keys that nobody ever inserts, never. */
export function know(
  { tree, shared, random, start }: Context,
  { family, count, stride, writers }: Watched,
): Report {
  let operations = 0;
  start();
  do {
    for (let i = 0; i < 200; i++) {
      const index = Math.floor(random() * count);
      const key = families[family](index);
      const value = tree.get(key);
      const base = index % stride === 0;
      must(!base || value !== undefined, () => `${show(key)}, which never goes, is not found`);
      must(value === undefined || indexOf(value) === index, () => `${show(key)} has ${value}`);
      const never = families[family](count + index);
      must(!tree.has(never), () => `${show(never)}, which never comes, is found`);
      operations += 2;
    }
  } while (shared.ended < writers && !shared.stopped);
  return { operations, entries: [] };
}

/** Scans in both directions, all or between two base keys: every base key comes, in order, once, and no key that nobody inserts. */
export function scan(
  { tree, shared, random, start }: Context,
  { family, count, stride, writers, batch }: Watched & { batch?: number },
): Report {
  const indices = new Map<string, number>();
  const base: Key[] = [];
  for (let index = 0; index < count; index++) {
    const key = families[family](index);
    indices.set(hex(key), index);
    if (index % stride === 0) base.push(key);
  }
  base.sort(Buffer.compare);
  let operations = 0;
  start();
  do {
    const reverse = random() < 0.5;
    const whole = random() < 0.3;
    const length = whole ? base.length : Math.min(base.length, 100);
    const first = Math.floor(random() * (base.length - length + 1));
    const wanted = base.slice(first, first + length);
    if (reverse) wanted.reverse();
    const range = whole
      ? { reverse }
      : {
          start: wanted[0],
          startInclusive: true,
          end: wanted.at(-1),
          endInclusive: true,
          reverse,
        };
    let next = 0;
    let previous: Key | undefined;
    for (const [key, value] of tree.scan(range, batch ?? 1 + Math.floor(random() * 50))) {
      operations++;
      const ascends = previous === undefined || Buffer.compare(previous, key) < 0;
      const descends = previous === undefined || Buffer.compare(previous, key) > 0;
      must(reverse ? descends : ascends, () => `${show(key)} came out of order`);
      previous = key;
      const index = indices.get(hex(key));
      must(index !== undefined, () => `a scan gave ${show(key)}, which nobody inserted`);
      must(index === indexOf(value), () => `a scan gave ${show(key)}: ${value}`);
      if (index % stride !== 0) continue;
      const expected = wanted[next++];
      must(
        expected !== undefined && Buffer.compare(expected, key) === 0,
        () => `a scan gave ${show(key)} where ${expected ? show(expected) : "the end"} was due`,
      );
    }
    must(next === wanted.length, () => `a scan gave ${next} of ${wanted.length} base keys`);
  } while (shared.ended < writers && !shared.stopped);
  return { operations, entries: [] };
}

/** Watches keys that are removed and never come back: once a key was not there, it is not there again. */
export function witness(
  { tree, shared, random, start }: Context,
  { family, count, writers }: Omit<Watched, "stride">,
): Report {
  const gone = new Set<number>();
  let operations = 0;
  start();
  do {
    for (let i = 0; i < 500; i++) {
      const index = Math.floor(random() * count);
      const key = families[family](index);
      const value = tree.get(key);
      operations++;
      if (value === undefined) gone.add(index);
      else {
        must(indexOf(value) === index, () => `${show(key)} has ${value}`);
        must(!gone.has(index), () => `${show(key)} was gone, and is back`);
      }
    }
    let previous: Key | undefined;
    const reverse = random() < 0.5;
    for (const [key, value] of tree.scan({ reverse }, 50, 2000)) {
      must(!gone.has(indexOf(value)), () => `${show(key)} was gone, and a scan gives it`);
      must(
        previous === undefined || Buffer.compare(previous, key) < 0 !== reverse,
        () => `${show(key)} came out of order`,
      );
      previous = key;
      operations++;
    }
  } while (shared.ended < writers && !shared.stopped);
  return { operations, entries: [] };
}
