// A store against a model, by random operations: reopening, crashes and snapshots are operations like any other.

import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { test } from "vitest";
import { BTreeStore, bucket, type Snapshot } from "../src/index.ts";
import { type Contents, contentsOf, copyOf, same } from "./support/model.ts";
import { CrashPoint, SimDisk } from "./support/sim-disk.ts";

interface Model {
  /** What the store holds, and what it held at the last sync. */
  contents: Contents;
  durable: Contents;
  /** What each commit with "none" since then left, oldest first. */
  since: Contents[];
  snapshots: Contents[];
}

class Real {
  disk = new SimDisk();
  store: BTreeStore;
  snapshots: Snapshot[] = [];
  /** The file at the last crash, before the log of the disk. */
  start: Uint8Array = new Uint8Array(0);

  constructor() {
    this.store = this.open();
  }

  open(): BTreeStore {
    return BTreeStore.open("disk", { vfs: this.disk, cacheBytes: 0 });
  }
}

const name = "a";
const values = bucket<string>(name);

function entriesOf(contents: Contents): Map<string, string> {
  const entries = contents.get(name) ?? new Map<string, string>();
  contents.set(name, entries);
  return entries;
}

function sorted(entries: Map<string, string> | undefined): [string, string][] {
  return [...(entries ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
}

function equal(found: unknown, wanted: unknown): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`found ${a?.slice(0, 200)}, wanted ${b?.slice(0, 200)}`);
}

type Step = fc.Command<Model, Real>;

abstract class Command implements Step {
  check(_model: Readonly<Model>): boolean {
    return true;
  }

  abstract run(model: Model, real: Real): void;
}

type Change = { key: string; value: string | undefined };

class Write extends Command {
  readonly changes: Change[];
  readonly isSynced: boolean;
  readonly fails: boolean;

  constructor(changes: Change[], isSynced: boolean, fails: boolean) {
    super();
    this.changes = changes;
    this.isSynced = isSynced;
    this.fails = fails;
  }

  run(model: Model, real: Real): void {
    const next = copyOf(model.contents);
    const before = real.store.stats().commit;
    try {
      const options = { durability: this.isSynced ? "sync" : "none" } as const;
      real.store.write(
        values,
        (txn) => {
          for (const { key, value } of this.changes) {
            const entries = entriesOf(next);
            equal(txn.get(key), entries.get(key));
            if (value === undefined) equal(txn.delete(key), entries.delete(key));
            else {
              txn.set(key, value);
              entries.set(key, value);
            }
            equal(txn.size, entries.size);
          }
          equal(
            [...txn.keys()],
            sorted(next.get(name)).map(([key]) => key),
          );
          if (this.fails) throw new Error("on purpose");
        },
        options,
      );
    } catch (error) {
      if (!this.fails || (error as Error).message !== "on purpose") throw error;
      return;
    }
    if (real.store.stats().commit === before) return;
    model.contents = next;
    if (this.isSynced) {
      model.durable = next;
      model.since = [];
    } else {
      model.since.push(next);
    }
  }

  override toString(): string {
    const changes = this.changes.map(({ key, value }) => `${key}=${value?.length}`);
    return `write(${changes.join(" ")}${this.isSynced ? ", sync" : ""}${this.fails ? ", fails" : ""})`;
  }
}

class ReadRange extends Command {
  readonly from: string;
  readonly to: string;
  readonly reverse: boolean;
  readonly limit: number;

  constructor(from: string, to: string, reverse: boolean, limit: number) {
    super();
    this.from = from;
    this.to = to;
    this.reverse = reverse;
    this.limit = limit;
  }

  run(model: Model, real: Real): void {
    const { from, to, reverse, limit } = this;
    const all = sorted(model.contents.get(name));
    const inside = all.filter(([key]) => key > from && key <= to);
    if (reverse) inside.reverse();
    real.store.read(values, (txn) => {
      equal([...txn.entries({ gt: from, lte: to, reverse, limit })], inside.slice(0, limit));
      equal(txn.count({ gt: from, lte: to }), inside.length);
      equal(
        txn.floor(from),
        all.findLast(([key]) => key <= from),
      );
      equal(
        txn.lower(from),
        all.findLast(([key]) => key < from),
      );
      equal(
        txn.ceiling(from),
        all.find(([key]) => key >= from),
      );
      equal(
        txn.higher(from),
        all.find(([key]) => key > from),
      );
      equal(txn.last(), all.at(-1));
    });
  }

  override toString(): string {
    return `range(${this.from}, ${this.to}, ${this.reverse}, ${this.limit})`;
  }
}

class ClearRange extends Command {
  readonly prefix: string;

  constructor(prefix: string) {
    super();
    this.prefix = prefix;
  }

  run(model: Model, real: Real): void {
    const next = copyOf(model.contents);
    const entries = next.get(name) ?? new Map();
    let count = 0;
    for (const key of [...entries.keys()]) {
      if (key.startsWith(this.prefix) && entries.delete(key)) count++;
    }
    equal(
      real.store.write(values, (txn) => txn.clear({ prefix: this.prefix })),
      count,
    );
    if (count === 0) return;
    model.contents = next;
    model.durable = next;
    model.since = [];
  }

  override toString(): string {
    return `clear(${this.prefix})`;
  }
}

class TakeSnapshot extends Command {
  override check(model: Readonly<Model>): boolean {
    return model.snapshots.length < 3;
  }

  run(model: Model, real: Real): void {
    model.snapshots.push(model.contents);
    real.snapshots.push(real.store.snapshot());
  }

  override toString(): string {
    return "snapshot()";
  }
}

class CheckSnapshots extends Command {
  readonly disposes: boolean;

  constructor(disposes: boolean) {
    super();
    this.disposes = disposes;
  }

  run(model: Model, real: Real): void {
    model.snapshots.forEach((contents, i) => {
      equal([...real.snapshots[i]!.bucket(values).entries()], sorted(contents.get(name)));
    });
    if (!this.disposes || model.snapshots.length === 0) return;
    model.snapshots.shift();
    real.snapshots.shift()!.dispose();
  }

  override toString(): string {
    return `snapshots(${this.disposes ? "dispose" : ""})`;
  }
}

class Reopen extends Command {
  run(model: Model, real: Real): void {
    real.store.close();
    real.store = real.open();
    model.durable = model.contents;
    model.since = [];
    model.snapshots = [];
    real.snapshots = [];
    real.store.check();
    if (!same(contentsOf(real.store), model.contents)) throw new Error("Reopened, it has changed.");
  }

  override toString(): string {
    return "reopen()";
  }
}

class Crash extends Command {
  readonly draws: number[];

  constructor(draws: number[]) {
    super();
    this.draws = draws;
  }

  run(model: Model, real: Real): void {
    let at = 0;
    const draw = () => (this.draws[at++ % this.draws.length]! % 1000) / 1000;
    const [first, second, image] = new CrashPoint(real.start, real.disk.log).some(3, draw);
    const start = image ?? second ?? first!;
    real.disk = new SimDisk(start);
    real.start = start;
    real.store = real.open();
    real.store.check();
    const found = contentsOf(real.store);
    // No meta page tells of commits without a sync, so none of them is there.
    if (!same(found, model.durable)) throw new Error("After the crash, it has other contents.");
    model.contents = model.durable;
    model.since = [];
    model.snapshots = [];
    real.snapshots = [];
  }

  override toString(): string {
    return `crash(${this.draws.join(",")})`;
  }
}

class Compact extends Command {
  run(model: Model, real: Real): void {
    const { before, after } = real.store.compact();
    const { usedPages, pageBytes } = real.store.stats();
    const most = (usedPages * 1.1 + 40) * pageBytes;
    if (model.snapshots.length === 0 && after > Math.max(before, most)) {
      throw new Error(`The file has become longer: ${before}, ${after}.`);
    }
    model.durable = model.contents;
    model.since = [];
  }

  override toString(): string {
    return "compact()";
  }
}

class CheckAll extends Command {
  run(model: Model, real: Real): void {
    real.store.check();
    if (!same(contentsOf(real.store), model.contents)) throw new Error("It has other contents.");
  }

  override toString(): string {
    return "check()";
  }
}

const key = fc.oneof(
  { weight: 8, arbitrary: fc.nat(40).map((n) => `key ${n}`) },
  { weight: 2, arbitrary: fc.nat(20).map((n) => `${"p".repeat(300)}${n}`) },
  { weight: 2, arbitrary: fc.nat(12).map((n) => `${"q".repeat(700)}${n}`) },
  { weight: 1, arbitrary: fc.constantFrom("", "q", `${"r".repeat(65_530)}1`, "r".repeat(65_536)) },
);
const value = fc.oneof(
  { weight: 6, arbitrary: fc.nat(60).map((n) => "v".repeat(n)) },
  { weight: 3, arbitrary: fc.nat(2500).map((n) => "w".repeat(n)) },
  { weight: 1, arbitrary: fc.nat(40_000).map((n) => "x".repeat(n)) },
);
const change: fc.Arbitrary<Change> = fc.record({
  key,
  value: fc.option(value, { nil: undefined, freq: 3 }),
});
const changes = fc.array(change, { minLength: 1, maxLength: 25 });
const steps: fc.Arbitrary<Step>[] = [
  changes.map((list) => new Write(list, true, false)),
  changes.map((list) => new Write(list, false, false)),
  changes.map((list) => new Write(list, true, true)),
  fc.tuple(key, key, fc.boolean(), fc.nat(30)).map(([a, b, r, n]) => new ReadRange(a, b, r, n)),
  fc.constantFrom("key 1", "p", "q", "").map((prefix) => new ClearRange(prefix)),
  fc.constant(new TakeSnapshot()),
  fc.boolean().map((disposes) => new CheckSnapshots(disposes)),
  fc.constant(new Reopen()),
  fc.constant(new Compact()),
  fc.array(fc.nat(999), { minLength: 5, maxLength: 5 }).map((draws) => new Crash(draws)),
  fc.constant(new CheckAll()),
];

test("does what the model does, whatever comes in between", () => {
  fc.assert(
    fc.property(fc.commands(steps, { maxCommands: 80, size: "max" }), (commands) => {
      const setup = () => ({
        model: { contents: new Map(), durable: new Map(), since: [], snapshots: [] } as Model,
        real: new Real(),
      });
      fc.modelRun(setup, commands);
    }),
    { numRuns: runs(80) },
  );
});
