// Histories of threads that read and write one store, and the check that they are those of snapshot isolation.
//
// Each transaction that writes reads the number of the one before, and sets the next: so numbers name the committed
// states, in their order. A thread records what each of its transactions has set, and what each of its reads has
// seen, with the number of the state. Then everything can be played again, and compared.
import type { BTreeStore } from "../../src/index.ts";

/** What a thread has done. */
export interface History {
  readonly thread: number;
  /** Commits, by number: keys that were set to a value, or removed. */
  readonly writes: readonly Write[];
  readonly reads: readonly Read[];
}

export interface Write {
  readonly n: number;
  /** The number of the state that it has begun with. */
  readonly before: number;
  readonly changes: readonly (readonly [key: string, value: string | undefined])[];
}

export interface Read {
  readonly kind: "read" | "snapshot" | "write";
  /** The number of the state. */
  readonly n: number;
  /** Everything up to this commit was acknowledged before it began, and nothing behind the other one begun at its end. */
  readonly least: number;
  readonly most: number;
  /** Values of keys; undefined where there is none. */
  readonly values: readonly (readonly [key: string, value: string | undefined])[];
  /** How many entries a scan has found, if there was one, and a sum over all of them. */
  readonly scan: readonly [count: number, sum: number] | undefined;
}

/** What a thread is told. */
export interface Plan {
  readonly thread: number;
  readonly seed: number;
  readonly steps: number;
  readonly keys: number;
  /** How much of what it does is writing, 0 to 1. */
  readonly writing: number;
  readonly durability: "sync" | "batch" | "none";
  /** Whether it keeps snapshots: they also keep what its transactions read. */
  readonly snapshots: boolean;
  /** Numbers that all threads share: the last one that was acknowledged, and the greatest that was begun. */
  readonly marks: Int32Array;
}

export class HistoryFinding extends Error {}

/** A sum over entries that depends on each of them, and not on their order. */
export function hashOf(key: string, value: string): number {
  let hash = 17;
  for (const text of [key, value.slice(0, 20), String(value.length)]) {
    for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  }
  return hash;
}

/** Runs in a thread, from its text: it has no imports. */
function live(store: BTreeStore, plan: Plan): History {
  const { thread, steps, keys, writing, durability, snapshots, marks } = plan;
  let seed = plan.seed | 0;
  // mulberry32
  const random = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const raise = (mark: number, to: number) => {
    for (;;) {
      const now = Atomics.load(marks, mark);
      if (now >= to || Atomics.compareExchange(marks, mark, now, to) === now) return;
    }
  };
  const draw = () => `key ${Math.floor(random() * keys)}`;
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const writes: Write[] = [];
  const reads: Read[] = [];
  type View = {
    get(key: string): unknown;
    entries(): Iterable<[string, unknown]>;
  };
  const look = (kind: Read["kind"], view: View, least: number): Read => {
    const n = (view.get("n") as number | undefined) ?? 0;
    const values: [string, string | undefined][] = [];
    for (let i = 0; i < 6; i++) {
      const key = draw();
      values.push([key, view.get(key) as string | undefined]);
    }
    let scan: [number, number] | undefined;
    if (random() < 0.1) {
      scan = [0, 0];
      for (const [key, value] of view.entries()) {
        if (key === "n") continue;
        scan[0]++;
        scan[1] = (scan[1] + hashOf(key, value as string)) | 0;
      }
    }
    return { kind, n, least, most: Atomics.load(marks, 1), values, scan };
  };
  const write = () => {
    const least = Atomics.load(marks, 0);
    const fails = random() < 0.15;
    let done: Write | undefined;
    try {
      store.write<unknown>(
        "a",
        (txn) => {
          const seen = look("write", txn, least);
          if (!fails) reads.push({ ...seen, most: seen.n });
          const n = seen.n + 1;
          const changes: [string, string | undefined][] = [];
          const count = 1 + Math.floor(random() * 8);
          for (let i = 0; i < count; i++) {
            const key = draw();
            const length = random() < 0.05 ? 5000 : Math.floor(random() * 900);
            const value = random() < 0.2 ? undefined : `${n}/${thread} `.padEnd(length, "v");
            if (value === undefined) txn.delete(key);
            else txn.set(key, value);
            changes.push([key, value]);
          }
          txn.set("n", n);
          if (fails) throw new Error("rolled back on purpose");
          raise(1, n);
          done = { n, before: seen.n, changes };
        },
        { durability: random() < 0.3 ? "sync" : durability },
      );
    } catch (error) {
      if (!fails) throw error;
      return;
    }
    raise(0, done!.n);
    writes.push(done!);
  };
  const held: { snapshot: ReturnType<BTreeStore["snapshot"]>; least: number; n: number }[] = [];
  for (let step = 0; step < steps; step++) {
    const what = random();
    if (what < writing) {
      if (random() < 0.02) store.compact();
      write();
    } else if (!snapshots || what < writing + (1 - writing) * 0.6) {
      const least = Atomics.load(marks, 0);
      store.read<unknown>("a", (txn) => {
        const seen = look("read", txn, least);
        reads.push(seen);
        if (random() < 0.7) return;
        // Others commit meanwhile.
        Atomics.wait(pause, 0, 0, 25);
        reads.push({ ...look("read", txn, least), most: seen.n });
      });
    } else if (held.length < 3) {
      const least = Atomics.load(marks, 0);
      const snapshot = store.snapshot({ name: `of thread ${thread}` });
      const seen = look("snapshot", snapshot.bucket("a"), least);
      reads.push(seen);
      held.push({ snapshot, least, n: seen.n });
    } else {
      // One that may be old by now: it has to be what it was.
      const one = held[Math.floor(random() * held.length)]!;
      const seen = look("snapshot", one.snapshot.bucket("a"), one.least);
      reads.push({ ...seen, most: one.n });
      if (random() < 0.3) {
        one.snapshot.dispose();
        held.splice(held.indexOf(one), 1);
      }
    }
  }
  for (const { snapshot } of held) snapshot.dispose();
  return { thread, writes, reads };
}

/** The text of what a thread runs. */
export const liveSource: string = `(store, plan) => {
  ${hashOf.toString()}
  ${live.toString()}
  return live(store, plan);
}`;

/** The same in this thread. */
export { live };

/**
 * Checks that each read has seen one committed state, that was not too old and not one that was not begun; and that each
 * transaction has begun with the state before its own.
 *
 * @throws HistoryFinding
 */
export function checkHistories(
  histories: readonly History[],
  last: ReadonlyMap<string, string>,
): void {
  const writes = histories
    .flatMap(({ thread, writes }) => writes.map((write) => ({ ...write, thread })))
    .sort((a, b) => a.n - b.n);
  writes.forEach(({ n, before, thread }, i) => {
    if (n !== i + 1 || before !== i) {
      throw new HistoryFinding(
        `commit ${i + 1} is that of number ${n}, of thread ${thread}, which began with ${before}`,
      );
    }
  });
  const reads = histories
    .flatMap(({ thread, reads }) => reads.map((read) => ({ ...read, thread })))
    .sort((a, b) => a.n - b.n);
  const state = new Map<string, string>();
  let sum = 0;
  let next = 0;
  const set = (key: string, value: string | undefined) => {
    const former = state.get(key);
    if (former !== undefined) sum = (sum - hashOf(key, former)) | 0;
    if (value === undefined) {
      state.delete(key);
    } else {
      state.set(key, value);
      sum = (sum + hashOf(key, value)) | 0;
    }
  };
  for (const { kind, n, least, most, values, scan, thread } of reads) {
    const what = `a ${kind} of thread ${thread} at ${n}`;
    for (; next < n; next++) {
      if (next >= writes.length) throw new HistoryFinding(`${what}: there was no such commit`);
      for (const [key, value] of writes[next]!.changes) set(key, value);
    }
    if (n < least) throw new HistoryFinding(`${what}: ${least} had been acknowledged before`);
    if (n > most) throw new HistoryFinding(`${what}: only ${most} could be seen`);
    for (const [key, value] of values) {
      if (state.get(key) !== value) {
        throw new HistoryFinding(
          `${what}: ${key} is ${value?.slice(0, 20)}, not that of its state`,
        );
      }
    }
    if (scan !== undefined && (scan[0] !== state.size || scan[1] !== sum)) {
      throw new HistoryFinding(`${what}: a scan finds other entries than its state has`);
    }
  }
  for (; next < writes.length; next++) {
    for (const [key, value] of writes[next]!.changes) set(key, value);
  }
  for (const [key, value] of state) {
    if (last.get(key) !== value) throw new HistoryFinding(`in the end, ${key} is another`);
  }
  if (last.size !== state.size) throw new HistoryFinding("in the end there are other keys");
}
