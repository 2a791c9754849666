// The suite that every map of the family must pass, with a bucket in a transaction as the map.
import {
  bigintKeys,
  bytesKeys,
  type KeyKind,
  type MapCheck,
  mapChecks,
  numberKeys,
  orderedMapMethods,
  stringKeys,
  type ValueKind,
} from "@masstree/tree/test-suite";
import { isFull, runs, seed } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, test } from "vitest";
import { BTreeStore, type Bucket, bucket, list, type WriteTransaction } from "../src/index.ts";
import { SimDisk } from "./support/sim-disk.ts";

type AnyBucket = WriteTransaction<unknown, string>;

const values: ValueKind<unknown> = {
  arbitrary: fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.integer(),
    fc.constant(null),
    fc.array(fc.boolean(), { maxLength: 4 }),
  ),
  refused: [undefined, () => 1, 1n, Number.NaN],
  spoil: (value) => {
    if (typeof value === "object" && value !== null) Object.assign(value, { 0: "spoilt" });
  },
};

type Path = readonly string[];

/** Keys whose codec runs code of the caller, as getters of an array may be. */
const pathKeys: KeyKind<Path> = {
  name: "list(string)",
  arbitrary: fc.array(fc.constantFrom("", "a", "a\0", "a\0b", "ab", "b", "ä"), { maxLength: 5 }),
  compare: (a, b) => {
    const at = a.findIndex((member, i) => member !== b[i]);
    if (at < 0 || at >= b.length) return a.length - b.length;
    return a[at]! < b[at]! ? -1 : 1;
  },
  cut: (key, length) => key.slice(0, length),
  hasPrefix: (key, prefix) => prefix.every((member, i) => member === key[i]),
  spoil: (key) => {
    (key as string[]).push("spoilt");
  },
  refused: [null, undefined, "a", [1], ["a", null], [["a"]], {}],
  tooLong: [["x".repeat(65_600)]],
};

const kinds = [
  stringKeys,
  bytesKeys,
  numberKeys,
  bigintKeys,
  pathKeys,
] as unknown as KeyKind<string>[];

/** Buckets of one transaction, each of them new. */
class Transaction {
  readonly #open: (bucket: Bucket<unknown, string>) => AnyBucket;
  readonly #key: unknown;
  #count = 0;

  constructor(open: (bucket: Bucket<unknown, string>) => AnyBucket, { name }: KeyKind<string>) {
    this.#open = open;
    this.#key = name === pathKeys.name ? list("string") : name;
  }

  create(): AnyBucket {
    const name = `bucket ${this.#count++}`;
    return this.#open(bucket(name, { key: this.#key } as never) as Bucket<unknown, string>);
  }
}

let current: Transaction;

function checksOf(keys: KeyKind<string>): readonly MapCheck[] {
  return mapChecks<string, unknown, AnyBucket>({
    create: () => current.create(),
    keys,
    values,
    // One thread would wait for itself, and a transaction has nothing to maintain.
    capabilities: { ...orderedMapMethods, wait: false, watch: false, maintain: false },
    seed,
    runs: runs(2, 20),
  });
}

/** How a check is run within a transaction, which may be committed then. */
const ways: Record<string, (store: BTreeStore, keys: KeyKind<string>, check: MapCheck) => unknown> =
  {
    async "that writes"(store, keys, { run }) {
      let done: Promise<void> | undefined;
      // The check is over when the callback returns, for nothing in it waits.
      store.writeMany((buckets) => {
        current = new Transaction((one) => buckets.bucket(one), keys);
        done = run();
      });
      await done;
    },
    async "that is optimistic"(store, keys, { run }) {
      const txn = store.beginMany();
      current = new Transaction((one) => txn.bucket(one), keys);
      await run();
      txn.commit();
    },
  };

/** Of which keys all checks are run, for each way; of the others that with a model. */
const whole: Record<string, string> = {
  "that writes": pathKeys.name,
  "that is optimistic": stringKeys.name,
};

describe.each(Object.keys(ways))("a transaction %s", (way) => {
  describe.each(kinds)("$name keys", (keys) => {
    const isWhole = whole[way] === keys.name || isFull;
    const checks = checksOf(keys).filter(({ group }) => isWhole || group === "model");
    test.each(checks)("$name", async (check) => {
      using store = BTreeStore.open("disk", { vfs: new SimDisk(), durability: "none" });
      await ways[way]!(store, keys, check);
      store.check();
    });
  });
});
