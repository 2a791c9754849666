// What a store should hold: a map of values for each bucket.
import type { BTreeStore, ReadBuckets, WriteBuckets } from "../../src/index.ts";

/** Entries by bucket. A bucket is there once something was set in it. */
export type Contents = Map<string, Map<string, string>>;

export function copyOf(contents: Contents): Contents {
  return new Map([...contents].map(([name, entries]) => [name, new Map(entries)]));
}

/** Everything that a store holds, by its iterators; in order. */
export function contentsOf(store: BTreeStore): Contents {
  const names = store.buckets();
  return store.readMany((buckets) => contentsIn(buckets, names));
}

export function contentsIn(buckets: ReadBuckets, names: readonly string[]): Contents {
  return new Map(names.map((name) => [name, new Map(buckets.bucket<string>(name).entries())]));
}

/** Whether two are the same, in the same order of keys as strings of code units below U+D800 have. */
export function same(a: Contents, b: Contents): boolean {
  return text(a) === text(b);
}

function text(contents: Contents): string {
  const entries = [...contents].map(([name, map]) => [name, [...map].sort(byKey)] as const);
  return JSON.stringify(entries.sort(byKey));
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

/** A change of one transaction, as data. */
export type Change =
  | { readonly kind: "set"; readonly bucket: string; readonly key: string; readonly value: string }
  /** The same, by parts. */
  | {
      readonly kind: "stream";
      readonly bucket: string;
      readonly key: string;
      readonly value: string;
    }
  | { readonly kind: "delete"; readonly bucket: string; readonly key: string }
  | { readonly kind: "clear"; readonly bucket: string }
  | {
      readonly kind: "clearRange";
      readonly bucket: string;
      readonly from: string;
      readonly to: string;
    };

export function changeModel(contents: Contents, changes: readonly Change[]): void {
  for (const change of changes) {
    const entries = contents.get(change.bucket) ?? new Map<string, string>();
    switch (change.kind) {
      case "set":
      case "stream":
        contents.set(change.bucket, entries);
        entries.set(change.key, change.value);
        break;
      case "delete":
        entries.delete(change.key);
        break;
      case "clear":
        entries.clear();
        break;
      case "clearRange":
        for (const key of [...entries.keys()]) {
          if (key >= change.from && key < change.to) entries.delete(key);
        }
    }
  }
}

export function changeStore(buckets: WriteBuckets, changes: readonly Change[]): void {
  for (const change of changes) {
    const bucket = buckets.bucket<string>(change.bucket);
    switch (change.kind) {
      case "set":
        bucket.set(change.key, change.value);
        break;
      case "stream":
        bucket.setStream(change.key, partsOf(change.value));
        break;
      case "delete":
        bucket.delete(change.key);
        break;
      case "clear":
        bucket.clear();
        break;
      case "clearRange":
        bucket.clear({ gte: change.from, lt: change.to });
    }
  }
}

/** The bytes of a value in a bucket of JSON, in parts. */
function* partsOf(value: string): Generator<Uint8Array> {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const part = 1 + (value.length % 50_000);
  for (let at = 0; at < bytes.length; at += part) yield bytes.subarray(at, at + part);
}

/** Draws the changes of a transaction. Few keys, so that they meet; lengths that need chains, now and then. */
export function drawChanges(random: () => number, most: number): Change[] {
  const changes: Change[] = [];
  const count = 1 + Math.floor(random() * most);
  for (let i = 0; i < count; i++) {
    const bucket = random() < 0.7 ? "a" : "b";
    const key = drawKey(random);
    const draw = random();
    if (draw < 0.66) changes.push({ kind: "set", bucket, key, value: drawValue(random) });
    else if (draw < 0.95) changes.push({ kind: "delete", bucket, key });
    else if (draw < 0.97) changes.push({ kind: "clear", bucket });
    else changes.push({ kind: "clearRange", bucket, from: key, to: `${key}~` });
  }
  return changes;
}

function drawKey(random: () => number): string {
  const number = Math.floor(random() * 60);
  const draw = random();
  // Up to 512 bytes are in the cell; longer keys that agree for long need long separators.
  if (draw < 0.8) return `key ${number}`;
  if (draw < 0.9) return `${"x".repeat(200)}${number}`;
  return `${"y".repeat(number < 30 ? 600 : 5000)}${number % 10}`;
}

function drawValue(random: () => number): string {
  const draw = random();
  const length = draw < 0.6 ? random() * 40 : draw < 0.9 ? random() * 1500 : random() * 20_000;
  return String.fromCharCode(97 + Math.floor(random() * 26)).repeat(Math.floor(length));
}
