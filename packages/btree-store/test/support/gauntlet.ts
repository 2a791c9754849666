// Everything that a store has to survive, short: for stores with a mistake, which must not.
import type { BTreeStore as Store, WriteTransaction } from "../../src/index.ts";
import { exploreCrashes, type StoreClass } from "./crashes.ts";
import { flipBits, openDamaged } from "./damage.ts";
import { exploreFaults } from "./faults.ts";
import { metasOf } from "./metas.ts";
import {
  type Change,
  type Contents,
  changeModel,
  changeStore,
  contentsOf,
  drawChanges,
  same,
} from "./model.ts";
import { SimDisk } from "./sim-disk.ts";

export class GauntletFinding extends Error {}

function require(holds: boolean, what: string): void {
  if (!holds) throw new GauntletFinding(what);
}

function refused(call: () => unknown, code: string): void {
  let found: unknown;
  try {
    call();
  } catch (error) {
    found = (error as { code?: string }).code;
  }
  require(found === code, `${String(found)} instead of ${code}`);
}

const set = (key: string, value: string): Change => ({ kind: "set", bucket: "a", key, value });

/** A few commits that use chains, several leaves, removals, and pages again. */
export const workload: Change[][] = [
  Array.from({ length: 40 }, (_, i) => set(`key ${i}`, "v".repeat(10 * i))),
  [set("long", "w".repeat(9000)), { kind: "delete", bucket: "a", key: "key 7" }],
  [set("long", "x".repeat(9000)), set("key 8", "again")],
  [{ kind: "clearRange", bucket: "a", from: "key 1", to: "key 3" }, set("key 9", "y")],
  [set("key 9", "z"), { kind: "set", bucket: "b", key: "k", value: "v" }],
];

/** Runs it all. @throws at the first thing that is wrong */
export function runGauntlet(StoreOf: StoreClass, random: () => number): void {
  useIt(StoreOf);
  metaPagesAlternate(StoreOf);
  nothingLeaks(StoreOf);
  keepsSnapshots(StoreOf);
  refusesConflicts(StoreOf);
  refusesConflictsInAnyBucket(StoreOf);
  takesStreams(StoreOf);
  exploreFaults(StoreOf, workload.slice(1, 4), "once");
  exploreFaults(StoreOf, workload.slice(1, 3), "full");
  exploreFaults(StoreOf, workload.slice(1, 3), "short");
  keepsWhatItFlushed(StoreOf);
  outgrowsItsMemory(StoreOf, random);
  survivesDamage(StoreOf);
  exploreCrashes(StoreOf, { transactions: workload, most: 6, random, again: 1 });
  const drawn = Array.from({ length: 8 }, () => drawChanges(random, 12));
  exploreCrashes(StoreOf, { transactions: drawn, most: 4, random, again: 0 });
}

function takesStreams(StoreOf: StoreClass): void {
  const store = opened(StoreOf, new SimDisk(), "none");
  const bytes = (fill: number) => new Uint8Array(100_000).fill(fill);
  function* parts(fails: boolean): Generator<Uint8Array> {
    for (let i = 1; i < 6; i++) yield bytes(i);
    if (fails) throw new Error("thrown on purpose");
  }
  const { usedPages } = store.stats();
  store.write("a", (txn) => {
    try {
      txn.setStream("k", parts(true));
    } catch {
      // Then there is no value.
    }
  });
  store.check();
  require(store.stats().usedPages === usedPages, "a stream that has failed has left pages");
  store.write("a", (txn) => txn.setStream("k", parts(false)));
  store.check();
  store.read("a", (txn) => {
    let at = 0;
    for (const part of txn.getStream("k")!) {
      for (const byte of part) {
        require(byte === 1 + Math.floor(at++ / 100_000), "a stream has other bytes");
      }
    }
    require(at === 500_000, "a stream has another length");
  });
  store.close();
}

/** What an optimistic transaction does, what another one does meanwhile, and whether they overlap. */
const overlaps: readonly (readonly [Action, Action, boolean])[] = [
  [(txn) => txn.get("c"), (txn) => txn.set("c", "new"), true],
  [(txn) => txn.has("c") && txn.get("c"), (txn) => txn.set("c", "new"), true],
  [(txn) => txn.has("c"), (txn) => txn.set("c", "new"), false],
  [(txn) => txn.has("c0"), (txn) => txn.set("c0", "new"), true],
  [(txn) => txn.get("c0"), (txn) => txn.set("c0", "new"), true],
  [(txn) => txn.set("c", "mine"), (txn) => txn.set("c", "new"), true],
  [(txn) => [...txn.keys({ gte: "b", lt: "d" })], (txn) => txn.set("c0", "new"), true],
  [(txn) => [...txn.keys({ gte: "b", lt: "d" })], (txn) => txn.set("d", "new"), false],
  [(txn) => txn.entries({ gte: "b" }).next(), (txn) => txn.set("c", "new"), false],
  [(txn) => txn.size, (txn) => txn.set("x", "new"), true],
  [(txn) => [...txn.values({ gte: "b", lt: "d" })], (txn) => txn.set("c", "d"), true],
  [(txn) => [...txn.keys({ gte: "b" })], (txn) => txn.set("x", "new"), true],
  [(txn) => [...txn.keys({ gte: "b", lte: "d" })], (txn) => txn.set("d0", "new"), false],
  [(txn) => txn.splitPoints(2, { gte: "b", lt: "d" }), (txn) => txn.set("c0", "new"), true],
  [(txn) => txn.splitPoints(2, { gte: "b", lt: "d" }), (txn) => txn.set("d0", "new"), false],
];

type Action = (txn: WriteTransaction<string, string>) => unknown;

function refusesConflicts(StoreOf: StoreClass): void {
  for (const [mine, others, overlap] of overlaps) {
    const store = opened(StoreOf, new SimDisk(), "none");
    store.write<string>("a", (txn) => {
      for (const key of "abcdef") txn.set(key, key);
    });
    const txn = store.begin<string>("a");
    mine(txn);
    txn.set("mark", "mine");
    store.write<string>("a", (other) => void others(other));
    if (overlap) refused(() => txn.commit(), "STORE_CONFLICT");
    else txn.commit();
    store.close();
  }
}

/** Something has changed in the second of two buckets. */
function refusesConflictsInAnyBucket(StoreOf: StoreClass): void {
  const store = opened(StoreOf, new SimDisk(), "none");
  const txn = store.beginMany();
  txn.bucket("a").set("k", 1);
  txn.bucket("b").get("k");
  store.write("b", (other) => other.set("k", 2));
  refused(() => txn.commit(), "STORE_CONFLICT");
  require(store.read("a", (other) => other.size) === 0, "a part of a transaction was committed");
  store.close();
}

function opened(
  StoreOf: StoreClass,
  disk = new SimDisk(),
  durability: "sync" | "none" = "sync",
): Store {
  return StoreOf.open("disk", { vfs: disk, cacheBytes: 0, durability });
}

function useIt(StoreOf: StoreClass): void {
  const disk = new SimDisk();
  const store = opened(StoreOf, disk);
  let kept: { get(key: string): unknown } | undefined;
  let iterator: Iterator<unknown> | undefined;
  store.write<string>("a", (txn) => {
    txn.set("k", "v");
    kept = txn;
    iterator = txn.entries();
    refused(() => store.write("a", () => 1), "STORE_NESTED");
    refused(() => store.read("a", () => 1), "STORE_NESTED");
  });
  refused(() => kept!.get("k"), "STORE_ENDED");
  refused(() => iterator!.next(), "STORE_ENDED");
  refused(() => store.write("a", async (txn) => void txn.set("k", "w")), "STORE_ASYNC");
  require(store.read("a", (txn) => txn.get("k")) === "v", "a promise was committed");
  refused(() => {
    store.write("a", (txn) => {
      txn.set("k", "w");
      throw Object.assign(new Error("thrown on purpose"), { code: "MINE" });
    });
  }, "MINE");
  require(store.read("a", (txn) => txn.get("k")) === "v", "a throw was committed");
  store.close();
  refused(() => store.stats(), "MASSTREE_CLOSED");
}

/** Writes each meta page in turn, the other one last of all only after a sync. */
function metaPagesAlternate(StoreOf: StoreClass): void {
  const disk = new SimDisk();
  const store = opened(StoreOf, disk);
  let last = -1;
  for (let i = 0; i < 4; i++) {
    const before = disk.log.length;
    store.write("a", (txn) => txn.set("k", i));
    const events = disk.log.slice(before);
    const metas = events.flatMap((event, at) =>
      event.kind === "write" && event.position < 8192 ? [{ slot: event.position / 4096, at }] : [],
    );
    require(metas.length === 1 && metas[0]!.slot !== last, "a meta page is written twice in a row");
    last = metas[0]!.slot;
    require(events[metas[0]!.at - 1]?.kind === "sync", "data is not synced before the meta page");
    require(events.at(-1)?.kind === "sync", "a commit does not end with a sync");
  }
  store.close();
}

function nothingLeaks(StoreOf: StoreClass): void {
  const disk = new SimDisk();
  const store = opened(StoreOf, disk);
  store.writeMany((buckets) => changeStore(buckets, workload[0]!));
  const round = (fails: boolean) => {
    try {
      store.writeMany((buckets) => {
        changeStore(buckets, workload[1]!);
        if (fails) throw new Error("rolled back on purpose");
      });
    } catch {
      // Rolled back.
    }
    store.check();
  };
  for (let i = 0; i < 4; i++) round(false);
  const size = store.stats().fileBytes;
  for (let i = 0; i < 200; i++) round(i % 8 !== 0);
  require(store.stats().fileBytes === size, "the file grows though its contents do not");
  store.close();
}

function keepsSnapshots(StoreOf: StoreClass): void {
  const store = opened(StoreOf);
  const contents: Contents = new Map();
  changeModel(contents, workload[0]!);
  store.writeMany((buckets) => changeStore(buckets, workload[0]!));
  const snapshot = store.snapshot();
  for (const changes of [...workload.slice(1), ...workload.slice(1)]) {
    store.writeMany((buckets) => changeStore(buckets, changes));
  }
  require(store.stats().pendingPages > 0, "no pages are kept for the snapshot");
  const seen: Contents = new Map([["a", new Map(snapshot.bucket<string>("a").entries())]]);
  require(same(seen, contents), "a snapshot has changed");
  snapshot.dispose();
  refused(() => snapshot.bucket("a"), "STORE_ENDED");
  store.writeMany((buckets) => changeStore(buckets, workload[1]!));
  store.check();
  store.close();
}

function keepsWhatItFlushed(StoreOf: StoreClass): void {
  const disk = new SimDisk();
  const store = opened(StoreOf, disk, "none");
  store.write("a", (txn) => txn.set("k", 1));
  store.write("a", (txn) => txn.set("k", 2));
  store.close();
  require(disk.log.at(-1)?.kind === "sync", "closing does not sync");
  const again = opened(StoreOf, disk);
  require(again.read("a", (txn) => txn.get("k")) === 2, "what was flushed is lost");
  again.close();
}

/** More pages than stay in memory, clean and dirty ones, and keys that need chains, which come and go. */
export function outgrowsItsMemory(StoreOf: StoreClass, random: () => number, rounds = 6): void {
  const disk = new SimDisk();
  const store = opened(StoreOf, disk, "none");
  const entries = new Map<string, string>();
  const keyOf = (n: number) => (n % 40 === 0 ? `${"k".repeat(600)}${n}` : `key ${n}`);
  for (let round = 0; round < rounds; round++) {
    // The first round alone has more dirty pages than may stay clean.
    const count = round === 0 ? 2000 : 60;
    store.write<string>("a", (txn) => {
      for (let i = 0; i < count; i++) {
        const key = keyOf(round === 0 ? i : Math.floor(random() * 2500));
        if (random() < 0.3) {
          require(txn.delete(key) === entries.delete(key), "a removal has another result");
        } else {
          const value = String.fromCharCode(97 + (i % 26)).repeat(Math.floor(random() * 1200));
          txn.set(key, value);
          entries.set(key, value);
        }
        const other = keyOf(Math.floor(random() * 2500));
        require(txn.get(other) === entries.get(other), "another value is there");
      }
    });
    store.read<string>("a", (txn) => {
      require(txn.size === entries.size, "the size is wrong");
      for (let i = 0; i < 300; i++) {
        const key = keyOf(Math.floor(random() * 2500));
        require(txn.get(key) === entries.get(key), "another value is there after the commit");
      }
    });
    require(store.stats().cachedPages <= 256, "more pages stay in memory than may");
    store.check();
  }
  store.write("a", (txn) => {
    for (const key of entries.keys()) txn.delete(key);
  });
  require(store.check().entries === 0, "removals leave entries");
  require(store.stats().usedPages < 10, "removals leave pages");
  store.close();
}

/** A small file with two states, and what they hold. */
export function smallFile(StoreOf: StoreClass): {
  file: Uint8Array;
  newest: Contents;
  older: Contents;
} {
  const disk = new SimDisk();
  const store = opened(StoreOf, disk);
  const changes: Change[][] = [
    [set("k", "v"), set("long", "w".repeat(6000))],
    [set("k", "w"), set("long", "x".repeat(6000))],
  ];
  const states: Contents[] = [];
  const contents: Contents = new Map();
  for (const one of changes) {
    store.writeMany((buckets) => changeStore(buckets, one));
    changeModel(contents, one);
    states.push(contentsOf(store));
  }
  store.close();
  require(same(states[1]!, contents), "it does not hold what was set");
  return { file: disk.image(), newest: states[1]!, older: states[0]! };
}

function survivesDamage(StoreOf: StoreClass): void {
  const { file, newest, older } = smallFile(StoreOf);
  flipBits(StoreOf, file, newest, older, 499, 3);
  const [meta] = metasOf(file);
  require(meta?.commit === 2, "there are other commits than there were");
  const short = file.slice(0, meta!.pages * meta!.pageBytes - 1);
  const outcome = openDamaged(StoreOf, short, newest, older);
  require(outcome !== "right", "a file that is too short is taken for whole");
}
