// A bucket and a map with the same kind of keys have the same order, so each can be filled from the other.
import { MassTree } from "masstree";
import { describe, expect, test } from "vitest";
import { BTreeStore, bucket } from "../src/index.ts";
import { SimDisk } from "./support/sim-disk.ts";

const kinds = {
  string: ["", "a", "Z", "ä", "\u{1f333}", "\uffff", "a\0", "a\0b", "x".repeat(900)],
  number: [0, -0.5, 1e300, -1e300, Infinity, -Infinity, 3, 1e-300],
  bigint: [0n, -1n, 1n, 2n ** 62n, -(2n ** 62n)],
  bytes: [[], [0], [255], [0, 0], [1, 255]].map((bytes) => Uint8Array.from(bytes)),
} as const;

describe.each(Object.keys(kinds) as (keyof typeof kinds)[])("keys of kind %s", (key) => {
  test("go from a map to a bucket and back", () => {
    using store = BTreeStore.open("disk", { vfs: new SimDisk() });
    const data = bucket("data", { key }) as never;
    using map = new MassTree({ key }) as unknown as MassTree<number, string>;
    kinds[key].forEach((one, i) => {
      map.set(one as string, i);
    });
    store.write<number>(data, (txn) => txn.setMany(map.entries()));
    const copy = store.read<number>(data, (txn) =>
      MassTree.fromSorted(txn.entries(), { key } as never),
    ) as unknown as MassTree<number, string>;
    expect([...copy]).toEqual([...map]);
    copy.verify();
    copy.close();
    const txn = store.begin<number>(data);
    txn.clear();
    txn.setMany(map);
    txn.commit();
    expect(store.read<number>(data, (txn) => [...txn])).toEqual([...map]);
  });
});
