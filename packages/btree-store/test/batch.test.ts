// Durability "batch": commits that are written to the disk in the background.
import { join } from "node:path";
import { random, runs } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { BTreeStore } from "../src/index.ts";
import {
  type Contents,
  changeModel,
  changeStore,
  contentsOf,
  copyOf,
  drawChanges,
  same,
} from "./support/model.ts";
import { inFolder } from "./support/processes.ts";
import { CrashPoint, SimDisk } from "./support/sim-disk.ts";

/** Lets what waits for promises run. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await undefined;
}

test("after a crash, whole commits are missing, from the end, and none that was said to be durable", async () => {
  const draw = random(1);
  let states = 0;
  for (let run = 0; run < runs(6); run++) {
    const disk = new SimDisk();
    disk.holdsSyncs = true;
    const store = BTreeStore.open("disk", { vfs: disk, cacheBytes: 0, durability: "batch" });
    let contents: Contents = new Map();
    const commits = new Map<number, Contents>([[0, contents]]);
    for (let step = 0; step < 40; step++) {
      if (draw() < 0.6) {
        const next = copyOf(contents);
        const changes = drawChanges(draw, 6);
        changeModel(next, changes);
        const durability = (["batch", "batch", "batch", "none", "sync"] as const)[
          Math.floor(draw() * 5)
        ]!;
        const before = store.stats().commit;
        store.writeMany((buckets) => changeStore(buckets, changes), { durability });
        const { commit, durableCommit } = store.stats();
        if (commit !== before) {
          contents = next;
          commits.set(commit, contents);
        }
        if (durability === "sync" && commit !== before) expect(durableCommit).toBe(commit);
      } else {
        disk.waiting.shift()?.();
      }
      if (draw() < 0.7) await settle();
      const { durableCommit, commit } = store.stats();
      const point = new CrashPoint(new Uint8Array(0), disk.log);
      for (const file of point.some(3, draw)) {
        states++;
        const again = BTreeStore.open("disk", { vfs: new SimDisk(file), cacheBytes: 0 });
        again.check();
        const found = again.stats().commit;
        expect(found).toBeGreaterThanOrEqual(durableCommit);
        expect(found).toBeLessThanOrEqual(commit);
        expect(same(contentsOf(again), commits.get(found)!)).toBe(true);
        again.close();
      }
    }
    store.check();
    store.close();
    while (disk.waiting.length > 0) disk.waiting.shift()!();
    await settle();
    const last = BTreeStore.open("disk", { vfs: new SimDisk(disk.image()), cacheBytes: 0 });
    expect(same(contentsOf(last), contents)).toBe(true);
    last.close();
  }
  expect(states).toBeGreaterThan(runs(6) * 50);
});

test("commits of one turn of the event loop share their syncs", async () => {
  const disk = new SimDisk();
  disk.holdsSyncs = true;
  using store = BTreeStore.open("disk", { vfs: disk, durability: "batch" });
  const before = disk.log.length;
  for (let i = 0; i < 10; i++) store.write("a", (txn) => txn.set("k", i));
  const flushed = store.flush();
  for (let i = 0; i < 2; i++) {
    await settle();
    expect(store.stats().durableCommit).toBe(0);
    disk.waiting.shift()!();
  }
  await flushed;
  expect(store.stats().durableCommit).toBe(10);
  expect(disk.log.slice(before).filter(({ kind }) => kind === "sync").length).toBe(2);
});

test("a sync that fails in the background fails the store, and the flush", async () => {
  const disk = new SimDisk();
  disk.holdsSyncs = true;
  const store = BTreeStore.open("disk", { vfs: disk, durability: "batch" });
  store.write("a", (txn) => txn.set("k", 1));
  const flushed = store.flush();
  await settle();
  disk.before = () => {
    throw Object.assign(new Error("EIO"), { code: "EIO" });
  };
  disk.waiting.shift()!();
  await expect(flushed).rejects.toMatchObject({ code: "STORE_FAILED" });
  expect(() => store.read("a", () => 1)).toThrow(expect.objectContaining({ code: "STORE_FAILED" }));
  store.close();
});

test("on a real file, flush resolves without blocking the event loop, and close does not wait for it", () =>
  inFolder(async (folder) => {
    const file = join(folder, "data.db");
    const store = BTreeStore.open(file, { durability: "batch" });
    for (let i = 0; i < 100; i++) store.write("a", (txn) => txn.set(`k${i}`, i));
    await store.flush();
    expect(store.stats().durableCommit).toBe(100);
    store.write("a", (txn) => txn.set("last", 1));
    const flushed = store.flush();
    store.close();
    await flushed;
    using again = BTreeStore.open(file);
    expect(again.read("a", (txn) => txn.size)).toBe(101);
  }));
