import { show } from "../bytes.ts";
import { type Family, families } from "../families.ts";
import { INSERTED } from "../instance.ts";
import type { Context, Report } from "../roles.ts";
import { indexOf, must, sequenceOf, wordOf, writerOf } from "../values.ts";

/**
 * Writes and removes the same keys as all others. What it can know: a value is of its key; no writer's
 * values ever go backwards; and what it inserted less what it removed, of each key (`counts`), gives 0
 * or 1 when summed over all threads. `entries`: its last write of each key, to compare with what remains.
 */
export function contend(
  { tree, thread, shared, random, start }: Context,
  {
    family,
    keys,
    operations,
    removes,
  }: { family: Family; keys: number; operations: number; removes: number },
): Report {
  const list = Array.from({ length: keys }, (_, index) => families[family](index));
  const counts = new Array<number>(keys).fill(0);
  const last = new Map<number, number>();
  const latest = new Map<number, number>();

  const check = (index: number, value: number) => {
    must(indexOf(value) === index, () => `a value of key ${indexOf(value)} under key ${index}`);
    const slot = index * 256 + writerOf(value);
    must(
      sequenceOf(value) >= (latest.get(slot) ?? 0),
      () => `key ${index} went back to ${sequenceOf(value)} of thread ${writerOf(value)}`,
    );
    latest.set(slot, sequenceOf(value));
  };

  start();
  let done = 0;
  for (; done < operations && !shared.stopped; done++) {
    const index = Math.floor(random() * keys);
    const key = list[index] as Uint8Array;
    const choice = random();
    if (choice < removes) {
      if (tree.remove(key)) {
        check(index, tree.found());
        counts[index] = (counts[index] as number) - 1;
      }
    } else if (choice < 0.7) {
      const value = wordOf(index, thread, done + 1);
      if (tree.set(key, value) === INSERTED) counts[index] = (counts[index] as number) + 1;
      else check(index, tree.found());
      last.set(index, value);
      latest.set(index * 256 + thread, done + 1);
    } else {
      const value = tree.get(key);
      if (value !== undefined) check(index, value);
    }
    if (done % 1000 !== 0) continue;
    let before: Uint8Array | undefined;
    for (const [found, value] of tree.scan({}, 7)) {
      check(indexOf(value), value);
      must(
        Buffer.compare(found, list[indexOf(value)] as Uint8Array) === 0,
        () => `a scan gave ${show(found)}: ${value}`,
      );
      must(before === undefined || Buffer.compare(before, found) < 0, () => "out of order");
      before = found;
    }
  }
  return { operations: done, entries: [...last], counts };
}
