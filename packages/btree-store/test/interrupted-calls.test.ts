// Calls that the engine interrupts because the stack is full: to what threads share, it is as if the thread had died.
import { expect, test } from "vitest";
import { BTreeStore, nodeVfs, type StoreOptions } from "../src/index.ts";
import { inFolder } from "./support/processes.ts";
import { SimDisk } from "./support/sim-disk.ts";

/** Runs something with less and less stack, until there is none. */
function exhaust(call: () => void): void {
  let isFull = false;
  const deeper = (): void => {
    call();
    deeper();
    // Not a tail call.
    isFull = false;
  };
  // Each time the stack ends elsewhere in the call.
  const padded = (padding: number): void => {
    if (padding > 0) padded(padding - 1);
    else deeper();
    isFull = false;
  };
  for (let padding = 0; padding < 60; padding++) {
    try {
      padded(padding);
    } catch (error) {
      isFull = true;
      const { code } = error as { code?: string };
      if (!(error instanceof RangeError) && code !== "MASSTREE_INTERRUPTED") throw error;
    }
    expect(isFull).toBe(true);
  }
}

const opened = (options: StoreOptions = {}) =>
  BTreeStore.open("disk", { vfs: new SimDisk(), ...options });

function fill(store: BTreeStore, value: string): void {
  store.write("a", (txn) => {
    for (let i = 0; i < 300; i++) txn.set(`key ${i}`, value.repeat(100));
  });
}

test("snapshots and transactions that read go on, with the state that they had", () => {
  using store = opened();
  fill(store, "a");
  using snapshot = store.snapshot({ name: "kept" });
  const view = snapshot.bucket<string>("a");
  exhaust(() => view.get("key 7"));
  for (let n = 0; n < 10; n++) fill(store, "b");
  exhaust(() => view.get("key 8"));
  expect([...view.values()].every((value) => value.startsWith("a"))).toBe(true);
  expect(store.stats().snapshots).toMatchObject([{ name: "kept", self: true }]);
  store.read<string>("a", (txn) => {
    exhaust(() => txn.get("key 9"));
    expect([...txn.values()].every((value) => value.startsWith("b"))).toBe(true);
  });
  store.check();
});

test("a transaction that writes is rolled back, and the next one finds the lock free", () => {
  using store = opened();
  fill(store, "a");
  const write = () =>
    store.write<string>("a", (txn) => {
      txn.set("key 1", "changed");
      exhaust(() => txn.set("key 2", "changed"));
      return txn.get("key 1");
    });
  let outcome: unknown;
  try {
    outcome = write();
  } catch (error) {
    outcome = (error as { code?: string }).code ?? (error as Error).name;
  }
  // The stack may have ended outside of the module each time, or in the middle of a change in JavaScript.
  expect(["MASSTREE_INTERRUPTED", "RangeError", "changed"]).toContain(outcome);
  const wanted = outcome === "changed" ? "changed" : "a".repeat(100);
  expect(store.read("a", (txn) => txn.get("key 1"))).toBe(wanted);
  fill(store, "c");
  store.check();
});

test("others take over what an interrupted transaction has left", () =>
  inFolder(async (folder) => {
    using store = BTreeStore.open(`${folder}/data.db`);
    using other = BTreeStore.attach(store.handle, { vfs: nodeVfs() });
    fill(store, "a");
    try {
      store.write("a", (txn) => {
        txn.clear();
        exhaust(() => txn.set("key 2", "changed"));
        throw new Error("on purpose");
      });
    } catch {
      // Rolled back, in one way or the other.
    }
    expect(other.write("a", (txn) => txn.size)).toBe(300);
    fill(other, "d");
    expect(store.read<string>("a", (txn) => txn.get("key 2"))).toBe("d".repeat(100));
    store.check();
  }));
