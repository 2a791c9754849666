import { hex, show } from "../bytes.ts";
import { type Family, families } from "../families.ts";
import { INSERTED, type Key, REFUSED, REPLACED } from "../instance.ts";
import type { Context, Report } from "../roles.ts";
import { indexOf, must, wordOf } from "../values.ts";

/** How many operations lie between two scans. */
const ROUND = 1000;

/**
 * Writes keys that are its own, so that it knows the answer to everything it asks about them, even
 * while others write their keys between; and looks at the keys of the others, which hold theirs or none.
 */
export function own(
  { tree, thread, threads, shared, random, start }: Context,
  options: {
    family: Family;
    keys: number;
    rounds: number;
    /** Whether threads of other roles write other keys. */
    strangers?: boolean;
  },
): Report {
  const { family, keys, rounds, strangers } = options;
  const all: { index: number; key: Key }[] = [];
  const indices = new Map<string, number>();
  for (let index = 0; index < keys * threads; index++) {
    const key = families[family](index);
    if (indices.has(hex(key))) continue;
    indices.set(hex(key), index);
    all.push({ index, key });
  }
  const mine = all.filter(({ index }) => index % threads === thread);
  const model = new Map<number, number>();
  const pick = <T>(list: T[]): T => list[Math.floor(random() * list.length)] as T;
  let operations = 0;

  const change = (bias: number) => {
    const { index, key } = pick(mine);
    const before = model.get(index);
    const choice = random();
    if (choice < 0.25 + bias) {
      const value = wordOf(index, thread, ++operations);
      const outcome = tree.set(key, value);
      must(
        outcome === (before === undefined ? INSERTED : REPLACED),
        () => `set ${show(key)} answered ${outcome}, its value was ${before}`,
      );
      must(
        outcome === INSERTED || tree.found() === before,
        () => `set ${show(key)} replaced other`,
      );
      model.set(index, value);
    } else if (choice < 0.32 + bias) {
      const value = wordOf(index, thread, ++operations);
      const replaced = tree.replace(key, value);
      must(
        replaced === before,
        () => `replace ${show(key)} gave ${replaced}, its value was ${before}`,
      );
      if (before !== undefined) model.set(index, value);
    } else if (choice < 0.36 + bias) {
      const value = wordOf(index, thread, ++operations);
      const outcome = tree.insert(key, value);
      must(
        outcome === (before === undefined ? INSERTED : REFUSED),
        () => `insert ${show(key)} answered ${outcome}, its value was ${before}`,
      );
      must(
        outcome === INSERTED || tree.found() === before,
        () => `insert ${show(key)} found other`,
      );
      if (before === undefined) model.set(index, value);
    } else if (choice < 0.4 + bias) {
      const value = choice < 0.38 + bias ? wordOf(index, thread, ++operations) : undefined;
      const wrong = random() < 0.3;
      const expected = wrong || before === undefined ? wordOf(index, thread, ++operations) : before;
      const done = tree.compare(key, expected, value);
      must(
        done === (before === expected),
        () => `compare ${show(key)} with ${expected} answered ${done}, its value was ${before}`,
      );
      if (done && value === undefined) model.delete(index);
      else if (done) model.set(index, value as number);
    } else if (choice < 0.75) {
      const removed = tree.remove(key);
      must(removed === (before !== undefined), () => `remove ${show(key)}, which was ${before}`);
      model.delete(index);
    } else if (choice < 0.87) {
      const found = tree.get(key);
      must(found === before, () => `get ${show(key)} gave ${found}, expected ${before}`);
    } else {
      const other = pick(all);
      const found = tree.get(other.key);
      must(
        found === undefined || indexOf(found) === other.index,
        () => `get ${show(other.key)} gave ${found}`,
      );
    }
  };

  const look = () => {
    const reverse = random() < 0.5;
    const entries = tree.scan({ reverse }, 1 + Math.floor(random() * 40));
    let previous: Key | undefined;
    let seen = 0;
    for (const [key, value] of entries) {
      const order = previous === undefined ? -1 : Buffer.compare(previous, key);
      must(order !== 0 && order < 0 !== (reverse && previous !== undefined), () => "out of order");
      previous = key;
      const index = indices.get(hex(key));
      if (index === undefined && strangers) continue;
      must(index === indexOf(value), () => `a scan gave ${show(key)}: ${value}`);
      if (index % threads !== thread) continue;
      must(model.get(index) === value, () => `a scan gave ${show(key)}: ${value}, not the last`);
      seen++;
    }
    must(seen === model.size, () => `a scan gave ${seen} of the ${model.size} keys it had to give`);
  };

  start();
  for (let round = 0; round < rounds && !shared.stopped; round++) {
    const bias = random() * 0.4;
    for (let i = 0; i < ROUND; i++) change(bias);
    look();
    operations += ROUND;
  }
  return { operations, entries: [...model] };
}
