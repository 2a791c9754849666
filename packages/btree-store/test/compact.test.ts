// Making a file shorter.
import { describe, expect, test } from "vitest";
import { BTreeStore, bucket } from "../src/index.ts";
import { crc32c } from "../src/meta.ts";
import { contentsOf, same } from "./support/model.ts";
import { SimDisk } from "./support/sim-disk.ts";

test("a file from which most was removed becomes about as short as what is left", () => {
  const disk = new SimDisk();
  using store = BTreeStore.open("disk", { vfs: disk });
  store.write<string>("a", (txn) => {
    for (let i = 0; i < 8000; i++) txn.set(`key ${i}`, "x".repeat(i % 900));
    for (let i = 0; i < 40; i++) txn.set(`long ${i}`, "y".repeat(20_000));
    for (let i = 0; i < 20; i++) txn.set(`${"z".repeat(700)}${i}`, "z");
  });
  store.write("b", (txn) => txn.set("k", 1));
  store.write("a", (txn) => {
    for (let i = 0; i < 8000; i++) if (i % 50 !== 0) txn.delete(`key ${i}`);
    for (let i = 0; i < 38; i++) txn.delete(`long ${i}`);
  });
  const held = contentsOf(store);
  const { before, after } = store.compact();
  const { usedPages, pageBytes, fileBytes } = store.stats();
  expect(after).toBe(fileBytes);
  expect(disk.image().length).toBe(after);
  expect(after).toBeLessThan(before / 10);
  expect(after).toBeLessThanOrEqual((usedPages * 1.1 + 20) * pageBytes);
  store.check();
  expect(same(contentsOf(store), held)).toBe(true);
  // There is nothing left to gain.
  const used = usedPages * pageBytes;
  expect(store.compact()).toEqual({ before: after, after, used, reached: true });
  store.write("a", (txn) => txn.clear());
  store.compact();
  expect(store.check()).toMatchObject({ entries: 1 });
  expect(store.stats().fileBytes).toBeLessThan(40 * 4096);
});

describe("a compaction with a target", () => {
  /** A file with much room in it, and what it holds. */
  function roomy(disk: SimDisk): BTreeStore {
    const store = BTreeStore.open("disk", { vfs: disk });
    // What is kept lies everywhere in the file.
    for (let round = 0; round < 20; round++) {
      store.writeMany((m) => {
        for (let i = 0; i < 60; i++)
          m.bucket("a").set(`key ${100 + round}/${i}`, "x".repeat(9 * i));
        m.bucket("gap").set(`${round}`, "y".repeat(200_000));
      });
    }
    store.dropBucket("gap");
    return store;
  }

  test("ends once the file is short enough, and says how far it came", () => {
    const disk = new SimDisk();
    using store = roomy(disk);
    const held = contentsOf(store);
    const { fileBytes, pageBytes } = store.stats();
    let former = fileBytes;
    let written = 0;
    for (const part of [0.9, 0.6, 0.3]) {
      const targetBytes = Math.floor(part * fileBytes) + 17;
      const before = disk.log.length;
      const report = store.compact({ targetBytes });
      written = disk.log.length - before;
      expect(report).toMatchObject({ before: former, reached: true });
      expect(report.after).toBe(store.stats().fileBytes);
      expect(report.after).toBeLessThanOrEqual(targetBytes);
      expect(report.used).toBe(store.stats().usedPages * pageBytes);
      former = report.after;
      store.check();
      expect(same(contentsOf(store), held)).toBe(true);
    }
    expect(written).toBeGreaterThan(0);
    // It is there already: then nothing is written.
    const events = disk.log.length;
    expect(store.compact({ targetBytes: former })).toMatchObject({
      before: former,
      after: former,
      reached: true,
    });
    expect(store.compact({ targetBytes: Infinity }).reached).toBe(true);
    expect(disk.log.length).toBe(events);
    const { after } = store.compact();
    expect(after).toBeLessThan(former);
    store.check();
  });

  test("moves less than one without", () => {
    const bytesOf = (targetBytes: number) => {
      const disk = new SimDisk();
      using store = roomy(disk);
      const before = disk.log.length;
      store.compact({ targetBytes });
      return disk.log
        .slice(before)
        .reduce((sum, event) => sum + (event.kind === "write" ? event.bytes.length : 0), 0);
    };
    using store = roomy(new SimDisk());
    expect(bytesOf(0.9 * store.stats().fileBytes)).toBeLessThan(bytesOf(0) / 2);
  });

  test("comes as far as what is in use lets it", () => {
    using store = roomy(new SimDisk());
    const { after, used, reached } = store.compact({ targetBytes: 4096 });
    expect(reached).toBe(false);
    expect(after).toBeGreaterThanOrEqual(used);
    expect(after).toBeLessThan(1.1 * used + 20 * 4096);
    // A snapshot keeps pages at the end.
    using other = roomy(new SimDisk());
    other.write("a", (txn) => txn.setStream("last", [new Uint8Array(3_000_000)]));
    using snapshot = other.snapshot();
    other.write("a", (txn) => txn.delete("last"));
    const { fileBytes } = other.stats();
    expect(other.compact({ targetBytes: fileBytes / 2 }).reached).toBe(false);
    snapshot.dispose();
    expect(other.compact({ targetBytes: fileBytes / 2 }).reached).toBe(true);
    other.check();
  });

  test("takes a number of bytes", () => {
    using store = BTreeStore.open("disk", { vfs: new SimDisk() });
    for (const targetBytes of [-1, Number.NaN, "1", null]) {
      expect(() => store.compact({ targetBytes } as never)).toThrow(
        expect.objectContaining({ code: "MASSTREE_BAD_OPTION" }),
      );
    }
    expect(() => store.compact({ target: 5 } as never)).toThrow(
      expect.objectContaining({ code: "MASSTREE_BAD_OPTION" }),
    );
  });
});

test("a snapshot's pages stay, and it sees what it saw", () => {
  using store = BTreeStore.open("disk", { vfs: new SimDisk() });
  const data = bucket("a", { value: "utf8" });
  store.write(data, (txn) => {
    for (let i = 0; i < 2000; i++) txn.set(`key ${i}`, "x".repeat(200));
  });
  using snapshot = store.snapshot();
  store.write(data, (txn) => txn.clear({ gt: "key 1" }));
  store.compact();
  store.check();
  expect(snapshot.bucket(data).count()).toBe(2000);
  expect([...snapshot.bucket(data).values()].every((value) => value.length === 200)).toBe(true);
  snapshot.dispose();
  store.compact();
  expect(store.stats().fileBytes).toBeLessThan(40 * 4096);
});

test("a compaction is refused where writing is", () => {
  const disk = new SimDisk();
  const store = BTreeStore.open("disk", { vfs: disk });
  store.write("a", () => {
    expect(() => store.compact()).toThrow(expect.objectContaining({ code: "STORE_NESTED" }));
  });
  store.close();
  using reader = BTreeStore.open("disk", { vfs: disk, readOnly: true });
  expect(() => reader.compact()).toThrow(expect.objectContaining({ code: "STORE_READ_ONLY" }));
});

test("a branch that leads back to itself is damage, to a compaction and to who drops it", () => {
  const disk = new SimDisk();
  const store = BTreeStore.open("disk", { vfs: disk });
  store.write("gap", (txn) => txn.set("k", "x".repeat(200_000)));
  store.write("a", (txn) => {
    for (let i = 0; i < 300; i++) txn.set(`key ${i}`, "x".repeat(400));
  });
  store.dropBucket("gap");
  store.close();
  const image = disk.image();
  for (let at = 8192; at < image.length; at += 4096) {
    const page = image.subarray(at, at + 4096);
    if (page[16] !== 2) continue;
    const view = new DataView(page.buffer, page.byteOffset);
    view.setUint32(28, at / 4096, true); // Its leftmost child.
    view.setUint32(0, crc32c(page.subarray(4)), true);
  }
  using damaged = BTreeStore.open("disk", { vfs: new SimDisk(image) });
  const corrupt = expect.objectContaining({ code: "STORE_CORRUPT" });
  expect(() => damaged.compact()).toThrow(corrupt);
  expect(() => damaged.dropBucket("a")).toThrow(corrupt);
});
