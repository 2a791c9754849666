// Searches in pages that are searched again and again, so that they have heads (assembly/heads.ts): keys of all shapes.
import { random, runs, seed } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { BTreeStore, bucket, type ReadTransaction } from "../src/index.ts";
import { SimDisk } from "./support/sim-disk.ts";

const bytesKeys = bucket("bytes", { key: "bytes", value: "utf8" });

type Draw = (below: number) => number;

function drawFrom(salt: number): Draw {
  const next = random(salt);
  return (below) => Math.floor(next() * below);
}

const hex = (key: Uint8Array) => Buffer.from(key).toString("hex");
const inOrder = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b);

/** Few different bytes, with both ends of what a byte can be. */
const alphabet = [0, 1, 0x61, 0x62, 0x7f, 0x80, 0xfe, 0xff];

/** What keys of one bucket are like: in common at first, then bytes of an alphabet. */
function shapeOf(draw: Draw) {
  const prefix = Array.from({ length: [0, 0, 3, 20, 251, 600][draw(6)]! }, () => draw(256));
  const letters = draw(3) === 0 ? undefined : alphabet.slice(0, 1 + draw(alphabet.length));
  const longest = [3, 6, 12, 40][draw(4)]!;
  return (): Uint8Array => {
    const length = draw(longest + 1);
    const rest = Array.from({ length }, () =>
      letters === undefined ? draw(256) : letters[draw(letters.length)]!,
    );
    return Uint8Array.from([...prefix, ...rest]);
  };
}

/** Keys beside one that is there: shorter, longer, a byte more or less, in what all keys have in common, too. */
function besides(key: Uint8Array, draw: Draw): Uint8Array[] {
  const at = draw(key.length + 1);
  const other = Uint8Array.from(key);
  if (at < key.length) other[at] = draw(256);
  return [
    key,
    key.subarray(0, at),
    Uint8Array.from([...key, 0]),
    Uint8Array.from([...key, 0xff]),
    other,
    new Uint8Array(draw(20)).fill(0xff),
    new Uint8Array(draw(20)),
  ];
}

function compare(
  txn: ReadTransaction<string, Uint8Array>,
  sorted: Uint8Array[],
  asked: Uint8Array,
) {
  const at = sorted.findIndex((key) => inOrder(key, asked) >= 0);
  const index = at < 0 ? sorted.length : at;
  const found = sorted[index];
  const isThere = found !== undefined && inOrder(found, asked) === 0;
  expect([txn.has(asked), txn.get(asked)]).toEqual([isThere, isThere ? hex(asked) : undefined]);
  expect(hex(txn.ceiling(asked)?.[0] ?? new Uint8Array())).toBe(hex(found ?? new Uint8Array()));
  const before = sorted[index - 1] ?? new Uint8Array();
  expect(hex(txn.lower(asked)?.[0] ?? new Uint8Array())).toBe(hex(before));
}

test.each(Array.from({ length: runs(14, 100) }, (_, i) => i))(
  "pages that are searched again find what a sorted list does, shape %i",
  (round) => {
    const draw = drawFrom(1000 + round);
    const makeKey = shapeOf(draw);
    const pageBytes = [4096, 4096, 8192, 65_536][draw(4)]!;
    using store = BTreeStore.open("disk", { vfs: new SimDisk(), durability: "none", pageBytes });
    const keys = new Map<string, Uint8Array>();
    for (let i = draw(2000); i >= 0; i--) {
      const key = makeKey();
      keys.set(hex(key), key);
    }
    store.write(bytesKeys, (txn) => {
      for (const [text, key] of keys) txn.set(key, text);
    });
    const sorted = [...keys.values()].sort(inOrder);
    const isFull = sorted.length > 0;
    store.read(bytesKeys, (txn) => {
      for (let turn = 0; isFull && turn < 250; turn++) {
        const key = sorted[draw(sorted.length)]!;
        for (const asked of besides(key, draw)) compare(txn, sorted, asked);
      }
    });
    store.check();
  },
);

test(`what a commit changes is found behind heads of the former pages (seed ${seed})`, () => {
  const draw = drawFrom(7);
  using store = BTreeStore.open("disk", { vfs: new SimDisk(), durability: "none" });
  const model = new Map<string, string>();
  const name = () => `key ${draw(700)}`;
  const texts = bucket("texts", { value: "utf8" });
  for (let turn = 0; turn < runs(120, 1000); turn++) {
    store.write(texts, (txn) => {
      for (let i = draw(8); i >= 0; i--) {
        const key = name();
        if (draw(3) === 0) {
          txn.delete(key);
          model.delete(key);
        } else {
          txn.set(key, `${turn}`);
          model.set(key, `${turn}`);
        }
        expect(txn.get(key)).toBe(model.get(key));
      }
    });
    store.read(texts, (txn) => {
      for (let i = 0; i < 40; i++) {
        const key = name();
        expect(txn.get(key)).toBe(model.get(key));
      }
    });
  }
});
