// How every scenario with threads ends: what they left is exactly what they say, nothing needs repair,
// and when it is removed nothing remains.
import { type Family, families } from "./families.ts";
import type { Entry, TreeInstance } from "./instance.ts";
import { emptyOut, expectContents } from "./oracle.ts";
import type { Report } from "./roles.ts";
import { wordOf } from "./values.ts";

/** Inserts keys 0, step, 2 step ... below count, before the threads start. */
export function prepare(tree: TreeInstance, family: Family, count: number, step: number = 1): void {
  for (let index = 0; index < count; index += step) {
    tree.set(families[family](index), wordOf(index));
  }
  tree.verify();
}

/** The entries with these numbers of keys, in order. */
export function entriesOf(family: Family, entries: readonly [number, number][]): Entry[] {
  return entries
    .map(([index, value]): Entry => [families[family](index), value])
    .sort(([a], [b]) => Buffer.compare(a, b));
}

/** The tree holds what it was prepared with and what the threads report, and can be emptied. */
export function finish(
  tree: TreeInstance,
  family: Family,
  reports: readonly Report[],
  prepared: readonly [number, number][] = [],
): void {
  if (reports.some(({ operations }) => operations === 0)) throw new Error("a thread did nothing");
  tree.verify();
  const entries = [...prepared, ...reports.flatMap((report) => report.entries)];
  expectContents(tree, entriesOf(family, entries));
  emptyOut(tree);
}

/** What `prepare` put in, as `finish` wants it. */
export function preparedEntries(count: number, step: number = 1): [number, number][] {
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => [i * step, wordOf(i * step)]);
}
