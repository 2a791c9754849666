// Histories of optimistic transactions, and the check that they are serializable: every transaction that was committed
// returns the same, step by step, when all are run again one after another in the order of their commits.
import type { BTreeStore, OptimisticTransaction, WriteTransaction } from "../../src/index.ts";

/** A call in a transaction, as data. */
export interface Step {
  readonly kind:
    | "get"
    | "has"
    | "set"
    | "delete"
    | "update"
    | "setIfAbsent"
    | "take"
    | "first"
    | "last"
    | "floor"
    | "higher"
    | "popFirst"
    | "cursor"
    | "splitPoints"
    | "entries"
    | "keys"
    | "count"
    | "size"
    | "clear";
  readonly a: string;
  readonly b: string;
  readonly value: string;
  readonly reverse: boolean;
  readonly limit: number;
}

/** Makes a call, and returns its result as text. It has no imports: threads run it from its text. */
export function perform(txn: WriteTransaction<string, string>, step: Step): string {
  const { kind, a, b, value, reverse, limit } = step;
  const range = { gte: a, lt: b, reverse };
  const call = (): unknown => {
    switch (kind) {
      case "get":
        return txn.get(a);
      case "has":
        return txn.has(a);
      case "set":
        txn.set(a, value);
        return undefined;
      case "delete":
        return txn.delete(a);
      case "update":
        return txn.update(a, (old) => (old === undefined ? value : `${old.slice(-12)}+${value}`));
      case "setIfAbsent":
        return txn.setIfAbsent(a, value);
      case "take":
        return txn.take(a);
      case "first":
        return txn.first(range);
      case "last":
        return txn.last({ gte: a });
      case "floor":
        return txn.floor(a);
      case "higher":
        return txn.higher(a);
      case "popFirst":
        return txn.popFirst(range);
      case "cursor": {
        const cursor = txn.cursor({ gte: a, reverse });
        const seen: unknown[] = [cursor.seek(b), cursor.key];
        return [...seen, cursor.next(), cursor.value, cursor.previous(), cursor.key];
      }
      case "splitPoints": {
        // Where the points are depends on the tree; what they cut does not.
        const bounds = [a, ...txn.splitPoints(3, range), b];
        return bounds.slice(1).reduce((sum, lt, i) => sum + txn.count({ gte: bounds[i]!, lt }), 0);
      }
      case "entries":
        return [...txn.entries({ ...range, limit })];
      case "keys":
        return [...txn.keys({ ...range, offset: limit % 3 })];
      case "count":
        return txn.count(range);
      case "size":
        return txn.size;
      default:
        return txn.clear(limit === 0 ? undefined : { ...range, limit });
    }
  };
  return JSON.stringify(call()) ?? "undefined";
}

/** Draws a call. Few keys, so that transactions meet. Everything at once is rare, for it meets everything. */
export function drawStep(random: () => number, keys: number, name: string): Step {
  const key = () => `k${String(Math.floor(random() * keys)).padStart(4, "0")}`;
  const [a, b] = [key(), key()].sort() as [string, string];
  const wide = random() < 0.05;
  const kinds = [
    ..."get has set set delete update update setIfAbsent take first last floor higher".split(" "),
    ..."popFirst entries keys count cursor splitPoints".split(" "),
    ...(wide ? ["size", "clear"] : []),
  ] as Step["kind"][];
  const kind = kinds[Math.floor(random() * kinds.length)]!;
  const end = wide ? b : `k${String(Number(a.slice(1)) + 3).padStart(4, "0")}`;
  const length = random() < 0.02 ? 5000 : Math.floor(random() * 30);
  const value = `${name} `.padEnd(length, "v");
  const limit = random() < 0.02 ? 0 : 1 + Math.floor(random() * 5);
  return { kind, a, b: end, value, reverse: random() < 0.3, limit };
}

interface Bounds {
  readonly gte: string;
  readonly lt: string;
  readonly reverse: boolean;
}

/** A transaction on a sorted map, for the steps above. */
export class ModelTransaction {
  readonly entriesByKey: Map<string, string>;

  constructor(entries: Map<string, string>) {
    this.entriesByKey = entries;
  }

  #sorted(range: object = {}): [string, string][] {
    const { gte = "", lt = "~", reverse = false } = range as Partial<Bounds>;
    const found = [...this.entriesByKey]
      .filter(([key]) => key >= gte && key < lt)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return reverse ? found.reverse() : found;
  }

  get size(): number {
    return this.entriesByKey.size;
  }

  get(key: string): string | undefined {
    return this.entriesByKey.get(key);
  }

  has(key: string): boolean {
    return this.entriesByKey.has(key);
  }

  set(key: string, value: string): this {
    this.entriesByKey.set(key, value);
    return this;
  }

  delete(key: string): boolean {
    return this.entriesByKey.delete(key);
  }

  update(key: string, callback: (old: string | undefined) => string): string {
    const value = callback(this.get(key));
    this.set(key, value);
    return value;
  }

  setIfAbsent(key: string, value: string): boolean {
    if (this.has(key)) return false;
    this.set(key, value);
    return true;
  }

  take(key: string): string | undefined {
    const value = this.get(key);
    this.delete(key);
    return value;
  }

  first(range?: object): [string, string] | undefined {
    return this.#sorted(range)[0];
  }

  last(range?: object): [string, string] | undefined {
    return this.#sorted(range).at(-1);
  }

  floor(key: string): [string, string] | undefined {
    return this.#sorted().findLast(([other]) => other <= key);
  }

  higher(key: string): [string, string] | undefined {
    return this.#sorted().find(([other]) => other > key);
  }

  popFirst(range?: object): [string, string] | undefined {
    const found = this.first(range);
    if (found !== undefined) this.delete(found[0]);
    return found;
  }

  cursor(range: { reverse: boolean }): ModelCursor {
    return new ModelCursor(this.#sorted(range), range.reverse);
  }

  splitPoints(): string[] {
    return [];
  }

  entries(range: { limit: number }): [string, string][] {
    return this.#sorted(range).slice(0, range.limit);
  }

  keys(range: { offset: number }): string[] {
    return this.#sorted(range)
      .slice(range.offset)
      .map(([key]) => key);
  }

  count(range?: object): number {
    return this.#sorted(range).length;
  }

  clear(range?: { limit: number }): number {
    const found = this.#sorted(range).slice(0, range?.limit);
    for (const [key] of found) this.delete(key);
    return found.length;
  }
}

/** A place among sorted entries. */
class ModelCursor {
  readonly #entries: readonly [string, string][];
  readonly #reverse: boolean;
  #at = -1;

  constructor(entries: readonly [string, string][], reverse: boolean) {
    this.#entries = entries;
    this.#reverse = reverse;
  }

  get key(): string | undefined {
    return this.#entries[this.#at]?.[0];
  }

  get value(): string | undefined {
    return this.#entries[this.#at]?.[1];
  }

  seek(wanted: string): boolean {
    const found = this.#entries.findIndex(([key]) =>
      this.#reverse ? key <= wanted : key >= wanted,
    );
    return this.#move(found < 0 ? this.#entries.length : found);
  }

  next(): boolean {
    return this.#move(Math.min(this.#at + 1, this.#entries.length));
  }

  previous(): boolean {
    return this.#move(Math.max(this.#at - 1, -1));
  }

  #move(to: number): boolean {
    this.#at = to;
    return this.key !== undefined;
  }
}

/** What a transaction that was committed has done. */
export interface Committed {
  /** What `commit` has returned. */
  readonly commit: number;
  readonly steps: readonly Step[];
  readonly results: readonly string[];
}

export class SerialFinding extends Error {}

/**
 * Runs transactions again, one after another.
 *
 * @returns what the bucket has to hold in the end
 * @throws SerialFinding if a step returns something else then
 */
export function checkSerial(committed: readonly Committed[]): Map<string, string> {
  const model = new Map<string, string>();
  const isWriter = ({ steps, results }: Committed) =>
    steps.some(({ kind }, i) => changes(kind, results[i]!));
  // One that has written nothing has seen the state of that number: it comes behind the one that has made it. So does
  // one that has only written what was there already, and it was recorded later.
  const ordered = committed
    .map((one) => ({ ...one, writes: isWriter(one) }))
    .sort((a, b) => a.commit - b.commit || Number(b.writes) - Number(a.writes));
  for (const { commit, steps, results } of ordered) {
    const txn = new ModelTransaction(model) as unknown as OptimisticTransaction<string, string>;
    steps.forEach((step, at) => {
      const result = perform(txn, step);
      if (result === results[at]) return;
      throw new SerialFinding(
        `commit ${commit}, step ${at}, ${JSON.stringify(step)}: it returned ${results[at]!.slice(0, 200)}, and ${result.slice(0, 200)} in the order of the commits`,
      );
    });
  }
  return model;
}

/** Whether a step has written something. */
function changes(kind: Step["kind"], result: string): boolean {
  switch (kind) {
    case "set":
    case "update":
      return true;
    case "delete":
    case "setIfAbsent":
      return result === "true";
    case "take":
    case "popFirst":
      return result !== "undefined";
    case "clear":
      return result !== "0";
    default:
      return false;
  }
}

/** What a thread is told. */
export interface Plan {
  readonly transactions: readonly (readonly Step[])[];
  /** Of that many transactions one pauses in the middle. */
  readonly pausing: number;
}

/** What it has done. */
export interface Outcome {
  readonly committed: readonly Committed[];
  readonly conflicts: number;
}

/** Runs in a thread, from its text. */
function transact(store: BTreeStore, { transactions, pausing }: Plan): Outcome {
  const committed: Committed[] = [];
  let conflicts = 0;
  const pause = new Int32Array(new SharedArrayBuffer(4));
  transactions.forEach((steps, n) => {
    const txn = store.begin<string>("notes");
    const results = steps.map((step, i) => {
      if (n % pausing === 0 && i === steps.length >> 1) Atomics.wait(pause, 0, 0, 1);
      return perform(txn, step);
    });
    try {
      committed.push({ commit: txn.commit({ durability: "none" }), steps, results });
    } catch (error) {
      if ((error as { code?: string }).code !== "STORE_CONFLICT") throw error;
      conflicts++;
    }
  });
  return { committed, conflicts };
}

/** The text of what a thread runs. */
export const transactSource: string = `(store, plan) => {
  ${perform.toString()}
  ${transact.toString()}
  return transact(store, plan);
}`;
