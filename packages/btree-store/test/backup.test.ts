// Copies of a store that is in use.
import { random } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { BTreeStore, type Vfs } from "../src/index.ts";
import { changeStore, contentsOf, drawChanges, same } from "./support/model.ts";
import { CrashPoint, SimDisk } from "./support/sim-disk.ts";

/** A disk for each path. */
class Disks implements Vfs {
  readonly #disks = new Map<string, SimDisk>();

  at(path: string): SimDisk {
    const disk = this.#disks.get(path) ?? new SimDisk();
    this.#disks.set(path, disk);
    return disk;
  }

  identify(path: string) {
    return path;
  }

  lock(path: string) {
    return this.at(path).lock();
  }

  open(path: string, mode: "readWrite" | "readOnly") {
    return this.at(path).open(path, mode);
  }
}

test("a backup has the state at its beginning, whatever is committed meanwhile", async () => {
  const draw = random(1);
  const vfs = new Disks();
  using store = BTreeStore.open("a", { vfs });
  for (let i = 0; i < 6; i++) store.writeMany((b) => changeStore(b, drawChanges(draw, 30)));
  store.write("big", (txn) => {
    for (let i = 0; i < 3000; i++) txn.set(`key ${i}`, "x".repeat(400));
  });
  const before = contentsOf(store);
  // Changes that change nothing are no commit.
  const { commit: latest } = store.check();
  let calls = 0;
  const onProgress = (done: number, total: number) => {
    expect(done).toBeLessThanOrEqual(total);
    calls++;
    store.write("big", (txn) => txn.set(`new ${calls}`, "y".repeat(5000)));
    store.write("big", (txn) => txn.delete(`key ${calls}`));
  };
  const { commit, pages } = await store.backup("b", { onProgress });
  expect(calls).toBeGreaterThan(1);
  expect(commit).toBe(latest);
  const copy = BTreeStore.open("b", { vfs });
  expect(copy.check()).toMatchObject({ commit, usedPages: pages + 2 });
  expect(same(contentsOf(copy), before)).toBe(true);
  copy.write("big", (txn) => txn.clear());
  copy.check();
  copy.close();
  store.check();
  expect(same(contentsOf(store), before)).toBe(false);
});

test("a backup that is not complete is no store", async () => {
  const vfs = new Disks();
  const store = BTreeStore.open("a", { vfs });
  store.write("a", (txn) => txn.set("k", "v".repeat(9000)));
  const held = contentsOf(store);
  await store.backup("b");
  const { log } = vfs.at("b");
  let whole = 0;
  for (let length = 1; length <= log.length; length++) {
    for (const file of new CrashPoint(new Uint8Array(0), log.slice(0, length)).some(
      40,
      random(2),
    )) {
      if (file.length === 0 || file.every((byte) => byte === 0)) continue;
      let copy: BTreeStore;
      try {
        copy = BTreeStore.open("c", { vfs: new SimDisk(file) });
      } catch (error) {
        expect(error).toMatchObject({ code: "STORE_CORRUPT" });
        continue;
      }
      copy.check();
      expect(same(contentsOf(copy), held)).toBe(true);
      copy.close();
      whole++;
    }
  }
  expect(whole).toBeGreaterThan(0);
  store.close();
});

test("a backup is refused where there is a file, and ends with its store", async () => {
  const vfs = new Disks();
  const store = BTreeStore.open("a", { vfs });
  store.write("a", (txn) => {
    for (let i = 0; i < 5000; i++) txn.set(`key ${i}`, "x".repeat(400));
  });
  await store.backup("b");
  await expect(store.backup("b")).rejects.toMatchObject({ code: "MASSTREE_BAD_OPTION" });
  await expect(store.backup("c", { x: 1 } as never)).rejects.toMatchObject({
    code: "MASSTREE_BAD_OPTION",
  });
  const third = store.backup("c", { onProgress: () => store.close() });
  await expect(third).rejects.toMatchObject({ code: "MASSTREE_CLOSED" });
  expect(() => BTreeStore.open("c", { vfs })).toThrow("not a store");
});

test("a backup stops at a damaged page", async () => {
  const disk = new SimDisk();
  const first = BTreeStore.open("a", { vfs: disk });
  first.write("a", (txn) => txn.set("k", "v".repeat(9000)));
  first.close();
  const image = disk.image();
  image[3 * 4096 + 100]! ^= 1;
  const vfs = new Disks();
  const file = vfs.open("a", "readWrite");
  file.write(image, 0);
  using store = BTreeStore.open("a", { vfs });
  await expect(store.backup("b")).rejects.toMatchObject({ code: "STORE_CORRUPT", page: 3 });
});
