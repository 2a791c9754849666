// Where the time of a store's short transactions goes, as docs/performance.md tells under 'The store': 100,000 entries of
// 16 and 100 bytes, all in memory, one thread. Nanoseconds by the clock, medians of the rounds.
//
//   node apps/benchmarks/scripts/store-steps.mjs [rounds]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BTreeStore, bucket } from "../../../packages/btree-store/dist/index.js";

const [rounds = 12] = process.argv.slice(2).map(Number);
const count = 100_000;
const commits = 2000;

const hex = (i) => ((i * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, "0");
const keys = Array.from({ length: count }, (_, i) =>
  Buffer.from(hex(i) + hex(i + 1_000_003)).toString(),
);
const valueFor = (i) => `value ${i} `.padEnd(100, "x");
const keyAt = (i) => keys[(i * 7919) % count];

const directory = mkdtempSync(join(tmpdir(), "masstree-store-steps-"));
const entries = bucket("entries", { value: "utf8" });
const store = BTreeStore.open(join(directory, "data.db"));
try {
  store.write(entries, (txn) => txn.setMany(keys.map((key, i) => [key, valueFor(i)])));
  tell("a transaction that reads nothing", count, () => {
    for (let i = 0; i < count; i++) store.read(entries, () => 1);
  });
  tell("has, all in one transaction", count, () => {
    store.read(entries, (txn) => {
      for (let i = 0; i < count; i++) if (!txn.has(keyAt(i))) throw new Error("a key is lost");
    });
  });
  tell("get, all in one transaction", count, () => {
    store.read(entries, (txn) => {
      for (let i = 0; i < count; i++) if (txn.get(keyAt(i)).length !== 100) throw new Error("cut");
    });
  });
  tell("get, a transaction each", count, () => {
    for (let i = 0; i < count; i++) store.read(entries, (txn) => txn.get(keyAt(i)));
  });
  tell("set, a commit each that is not synced", commits, () => {
    for (let i = 0; i < commits; i++) {
      store.write(entries, (txn) => txn.set(keyAt(i), valueFor(i)), { durability: "none" });
    }
  });
} finally {
  store.close();
  rmSync(directory, { recursive: true });
}

function tell(what, turns, run) {
  const times = Array.from({ length: rounds }, () => {
    const start = process.hrtime.bigint();
    run();
    return Number(process.hrtime.bigint() - start) / turns;
  }).sort((a, b) => a - b);
  console.log(`${what}: ${times[rounds >> 1].toFixed(0)} ns`);
}
