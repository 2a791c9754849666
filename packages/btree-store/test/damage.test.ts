// Damaged files: the right data or an error, never wrong data in silence.
import { random, runs } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { BTreeStore } from "../src/index.ts";
import { crc32c } from "../src/meta.ts";
import { flipBits, openDamaged } from "./support/damage.ts";
import { smallFile } from "./support/gauntlet.ts";
import { metasOf } from "./support/metas.ts";
import { contentsOf } from "./support/model.ts";
import { SimDisk } from "./support/sim-disk.ts";

const { file, newest, older } = smallFile(BTreeStore);

test("a bit that is flipped is noticed, wherever it is", () => {
  // damage.stress.ts flips each one.
  const start = Math.floor(random(1)() * 97);
  expect(flipBits(BTreeStore, file, newest, older, 97, start)).toBeGreaterThan(2500);
});

test("a bit that is flipped in a meta page costs nothing", () => {
  for (const record of [0, 2048, 4096, 6144]) {
    for (let bit = 0; bit < 8 * 128; bit += 3) {
      const flipped = file.slice();
      flipped[record + (bit >>> 3)]! ^= 1 << (bit & 7);
      expect(openDamaged(BTreeStore, flipped, newest, older), `${record}, ${bit}`).toBe("right");
    }
  }
});

test("a file that is cut off is noticed, at any length", () => {
  const [{ pages, pageBytes }] = metasOf(file) as [ReturnType<typeof metasOf>[number]];
  const end = pages * pageBytes;
  const lengths = [1, 127, 128, 2047, 2048, 4095, 4096, 8191, 8192, end - 4096, end - 1];
  for (let length = 1; length < end; length += 397) lengths.push(length);
  for (const length of lengths) {
    const outcome = openDamaged(BTreeStore, file.slice(0, length), newest, older);
    expect(outcome, `${length} bytes`).not.toBe("right");
  }
  expect(openDamaged(BTreeStore, file.slice(0, end), newest, older)).toBe("right");
});

test("a file that is too long is as good as ever", () => {
  const long = new Uint8Array(file.length + 777).fill(0xee);
  long.set(file);
  expect(openDamaged(BTreeStore, long, newest, older)).toBe("right");
});

describe("a file that is no store", () => {
  test("is refused, and left as it is", () => {
    const draw = random(2);
    for (let i = 0; i < runs(200); i++) {
      const bytes = Uint8Array.from(
        { length: 1 + Math.floor(draw() * 20_000) },
        () => draw() * 256,
      );
      const disk = new SimDisk(bytes);
      expect(() => BTreeStore.open("disk", { vfs: disk })).toThrow(
        expect.objectContaining({ code: "STORE_CORRUPT" }),
      );
      expect(disk.image()).toEqual(bytes);
      expect(disk.log).toEqual([]);
    }
  });

  test("is taken for a new one if it is empty, or if its creation did not finish", () => {
    for (const length of [0, 1, 4096, 8192, 131_072]) {
      const disk = new SimDisk(new Uint8Array(length));
      const store = BTreeStore.open("disk", { vfs: disk });
      expect(store.check()).toMatchObject({ commit: 0, buckets: 0 });
      store.close();
    }
    const longer = new SimDisk(new Uint8Array(131_073));
    expect(() => BTreeStore.open("disk", { vfs: longer })).toThrow("not a store");
  });
});

test("pages with wrong contents and right checksums give errors or other data, and nothing worse", () => {
  const draw = random(3);
  const [{ pages, pageBytes }] = metasOf(file) as [ReturnType<typeof metasOf>[number]];
  const outcomes = new Map<string, number>();
  for (let i = 0; i < runs(800); i++) {
    const forged = file.slice();
    const number = 2 + Math.floor(draw() * (pages - 2));
    const page = forged.subarray(number * pageBytes, (number + 1) * pageBytes);
    for (let n = 1 + draw() * 3; n > 0; n--) {
      // Mostly in the header, the slots and the heads of cells, which lead elsewhere.
      const at = 4 + Math.floor(draw() < 0.7 ? draw() * 60 : draw() * (pageBytes - 4));
      page[at] = draw() < 0.3 ? 0xff : Math.floor(draw() * 256);
    }
    new DataView(page.buffer, page.byteOffset).setUint32(0, crc32c(page.subarray(4)), true);
    const outcome = use(forged);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  expect([...outcomes.keys()].sort()).toEqual(["STORE_CORRUPT", "fine"]);
});

/** Reads, writes, moves, drops and checks everything: what happened, by code. */
function use(forged: Uint8Array): string {
  try {
    const store = BTreeStore.open("disk", { vfs: new SimDisk(forged), cacheBytes: 0 });
    try {
      contentsOf(store);
      store.write("a", (txn) => {
        for (let i = 0; i < 50; i++) txn.set(`k${i}`, "x".repeat(100));
        for (let i = 0; i < 50; i += 2) txn.delete(`k${i}`);
      });
      // Free pages, so that there is something to gain, at the end of the file.
      store.write("b", (txn) => txn.set("long", "x".repeat(100_000)));
      store.dropBucket("b");
      store.compact();
      store.write("a", (txn) => txn.clear());
      store.dropBucket("a");
      store.check();
    } finally {
      store.close();
    }
    return "fine";
  } catch (error) {
    const { code } = error as { code?: string };
    // JSON that is none, and keys that are no UTF-8, are what the codecs find.
    if (error instanceof SyntaxError || error instanceof TypeError) return "STORE_CORRUPT";
    return code === "MASSTREE_BAD_KEY" ? "STORE_CORRUPT" : String(code ?? error);
  }
}
