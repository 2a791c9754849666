// Any bytes are a program: what to do to a map, checked against an oracle step by step.
//
//   width | kind of key | size of the memory | operation, its operands | operation, its operands | ...
//
// Bytes that are missing at the end count as 0. Needs the debug builds, whose leaves are tiny.
import { treeOf, verify } from "@masstree/tree";
import { type KeyType, MassTree } from "../../src/index.ts";
import { type FuzzKeys, fuzzKeys } from "./fuzz-keys.ts";
import { Oracle, type RankRange } from "./oracle.ts";
import { randomOf } from "./random.ts";
import { numberOf, type Value, valueFor } from "./values.ts";

/** Where the bytes come from. */
export interface ByteSource {
  /** The next byte; 0 at the end. */
  next(): number;
  readonly isAtEnd: boolean;
}

type FuzzMap = MassTree<Value, KeyType>;
type Entry = readonly [key: KeyType, value: Value];

const widths = [3, 15, 4, 24, 7] as const;

/** Runs a program. Answers with how many operations it had; throws at the first difference. */
export function fuzz(source: ByteSource): number {
  const run = new FuzzRun(source);
  try {
    return run.run();
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new Error(`${run.describe()}: ${what}`, { cause: error });
  } finally {
    run.close();
  }
}

export function bytesSource(bytes: Uint8Array): ByteSource {
  let at = 0;
  return {
    next: () => bytes[at++] ?? 0,
    get isAtEnd() {
      return at >= bytes.length;
    },
  };
}

/** So many random bytes. */
export function randomSource(seed: number, length: number): ByteSource {
  const random = randomOf(seed);
  let left = length;
  return {
    next: () => (left-- > 0 ? Math.floor(random() * 256) : 0),
    get isAtEnd() {
      return left <= 0;
    },
  };
}

/** The bytes of sequence `index` of a seed: some hundreds, and once in a while some thousands. */
export function inputOf(seed: number, index: number): Uint8Array {
  const random = randomOf(seed, index);
  const length = Math.floor(random() * (index % 20 === 0 ? 8000 : 800));
  // Few distinct bytes make few distinct keys.
  const most = random() < 0.5 ? 256 : 16 + Math.floor(random() * 100);
  const step = most === 256 ? 1 : 1 + Math.floor(random() * 4);
  return Uint8Array.from({ length }, () => Math.floor(random() * most) * step);
}

/** An iterator that is open while the map changes. */
interface OpenIterator {
  readonly iterator: Iterator<Entry>;
  readonly reverse: boolean;
  /** Ranks of keys that were there since it began, and were not visited. */
  readonly must: Set<string>;
  /** Ranks of keys that were there at some time since it began. */
  readonly may: Set<string>;
  last: string | undefined;
}

class FuzzRun {
  readonly #source: ByteSource;
  readonly #keys: FuzzKeys;
  readonly #width: number;
  readonly #isSmall: boolean;
  readonly #maps: FuzzMap[] = [];
  readonly #oracle = new Oracle();
  readonly #used: Uint8Array[] = [];
  #open: OpenIterator | undefined;
  #operations = 0;
  #nextVerify = 16;
  #doing = "creating";

  constructor(source: ByteSource) {
    this.#source = source;
    this.#width = widths[source.next() % widths.length]!;
    this.#keys = fuzzKeys[source.next() % fuzzKeys.length]!;
    this.#isSmall = source.next() % 4 === 3;
    const maxBytes = this.#isSmall ? 2 ** 20 : 2 ** 26;
    const options = { width: this.#width, key: this.#keys.name, maxBytes };
    this.#maps.push(new MassTree<Value, KeyType>(options as never));
  }

  describe(): string {
    const { name } = this.#keys;
    const memory = this.#isSmall ? ", little memory" : "";
    return `width ${this.#width}, ${name} keys${memory}, operation ${this.#operations} (${this.#doing})`;
  }

  close(): void {
    for (const map of this.#maps) map.close();
  }

  run(): number {
    while (!this.#source.isAtEnd) {
      this.#operations++;
      this.#operate();
      if (this.#operations < this.#nextVerify) continue;
      this.#nextVerify = Math.ceil(1.3 * this.#nextVerify);
      verify(this.#map);
    }
    this.#finish();
    return this.#operations;
  }

  /** The participant whose turn it is. */
  get #map(): FuzzMap {
    return this.#maps[this.#operations % this.#maps.length]!;
  }

  #operate(): void {
    const operation = this.#source.next() % 32;
    if (operation < 10) this.#set(this.#key(), this.#short());
    else if (operation < 15) this.#delete(this.#key());
    else if (operation < 18) this.#get(this.#key());
    else if (operation < 22) this.#range();
    else if (operation < 25) this.#step();
    else if (operation < 27) this.#ends();
    else if (operation < 28) this.#participants();
    else if (operation < 30) this.#many();
    else if (operation < 31) this.#removeSome();
    else if (this.#source.next() % 8 === 7) this.#clear();
  }

  #short(): number {
    return 1 + this.#source.next() + 256 * (this.#source.next() % 16);
  }

  /** Bytes of a key: as before, or the beginning of one before and something new. */
  #key(): Uint8Array {
    const used = this.#used;
    const choice = this.#source.next();
    if (choice < 144 && used.length > 0) return used[(choice * 7) % used.length]!;
    const shape = this.#source.next();
    const old = used.length > 0 ? used[(shape * 31) % used.length]! : new Uint8Array(0);
    const start = choice % 3 === 0 ? new Uint8Array(0) : old.subarray(0, 8 * (1 + (shape % 4)));
    const tail = Array.from({ length: shape % 11 }, () => this.#source.next());
    return this.#keep(Uint8Array.from([...start, ...tail]));
  }

  #keep(bytes: Uint8Array): Uint8Array {
    if (this.#used.length < 4096) this.#used.push(bytes);
    else this.#used[(this.#operations * 13) % 4096] = bytes;
    return bytes;
  }

  #set(bytes: Uint8Array, number: number): void {
    this.#doing = "set";
    const key = this.#keys.make(bytes);
    const rank = this.#keys.rank(key);
    if (!this.#tolerateFull(() => this.#map.set(key, valueFor(number)))) return;
    this.#oracle.set({ rank, key, number });
    this.#open?.may.add(rank);
  }

  /** Whether it was done; with little memory it may be refused. */
  #tolerateFull(act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      if (!this.#isSmall || (error as { code?: string }).code !== "MASSTREE_FULL") throw error;
      return false;
    }
  }

  #delete(bytes: Uint8Array): void {
    this.#doing = "delete";
    const key = this.#keys.make(bytes);
    const rank = this.#keys.rank(key);
    expectSame(this.#map.delete(key), this.#oracle.delete(rank));
    this.#open?.must.delete(rank);
  }

  #get(bytes: Uint8Array): void {
    this.#doing = "get";
    const key = this.#keys.make(bytes);
    const number = this.#oracle.get(this.#keys.rank(key));
    expectSame(numberOf(this.#map.get(key)), number);
    expectSame(this.#map.has(key), number !== 0);
  }

  #range(): void {
    this.#doing = "range";
    const flags = this.#source.next();
    const lower = flags & 1 ? this.#keys.make(this.#key()) : undefined;
    const upper = flags & 2 ? this.#keys.make(this.#key()) : undefined;
    const limit = flags & 32 ? this.#source.next() % 20 : Number.POSITIVE_INFINITY;
    const reverse = (flags & 4) !== 0;
    const ranks: RankRange = {
      ...(lower === undefined ? {} : { lower: this.#keys.rank(lower) }),
      lowerInclusive: (flags & 8) !== 0,
      ...(upper === undefined ? {} : { upper: this.#keys.rank(upper) }),
      upperInclusive: (flags & 16) !== 0,
      reverse,
      limit,
    };
    const range = {
      [ranks.lowerInclusive ? "gte" : "gt"]: lower,
      [ranks.upperInclusive ? "lte" : "lt"]: upper,
      reverse,
      limit,
    };
    const expected = this.#oracle.range(ranks);
    if (flags & 64) {
      expectSame(this.#ranks(this.#map.keys(range)), expected.map(({ rank }) => rank).join());
    } else {
      this.#expectEntries(this.#map.entries(range), expected);
    }
  }

  #ranks(keys: Iterable<KeyType>): string {
    return [...keys].map((key) => this.#keys.rank(key)).join();
  }

  #expectEntries(
    entries: Iterable<Entry>,
    expected: readonly { readonly rank: string; readonly number: number }[],
  ): void {
    const text = (rank: string, number: number) => `${rank} ${number}`;
    const found = [...entries].map(([key, value]) => text(this.#keys.rank(key), numberOf(value)));
    expectSame(found.join(), expected.map(({ rank, number }) => text(rank, number)).join());
  }

  /** Begins an iterator, or takes some steps with the one that is open. */
  #step(): void {
    this.#doing = "iterator";
    const count = this.#source.next();
    if (this.#open === undefined) {
      const reverse = count % 2 === 1;
      const ranks = this.#oracle.all().map(({ rank }) => rank);
      const iterator = this.#map.entries({ reverse })[Symbol.iterator]();
      const must = new Set(ranks);
      this.#open = { iterator, reverse, must, may: new Set(ranks), last: undefined };
    }
    for (let i = 0; i < count % 16 && this.#open !== undefined; i++) this.#stepOnce(this.#open);
  }

  #stepOnce(open: OpenIterator): void {
    const { done, value } = open.iterator.next();
    if (done) {
      this.#open = undefined;
      if (open.must.size > 0) throw new Error(`${open.must.size} keys were not visited`);
      return;
    }
    const rank = this.#keys.rank(value[0]);
    const { last } = open;
    if (last !== undefined && (open.reverse ? rank >= last : rank <= last)) {
      throw new Error("a key is out of order");
    }
    open.last = rank;
    if (!open.may.has(rank)) throw new Error("a key that was not there");
    if (numberOf(value[1]) <= 0) throw new Error("a torn value");
    open.must.delete(rank);
  }

  #ends(): void {
    this.#doing = "first and last";
    const all = this.#oracle.all();
    expectSame(this.#map.size, all.length);
    for (const [entry, expected] of [
      [this.#map.first(), all[0]],
      [this.#map.last(), all.at(-1)],
    ] as const) {
      this.#expectEntries(
        entry === undefined ? [] : [entry],
        expected === undefined ? [] : [expected],
      );
    }
  }

  /** Another participant, or one less. */
  #participants(): void {
    this.#doing = "attach or close";
    if (this.#maps.length === 1 || (this.#maps.length < 4 && this.#source.next() % 2 === 0)) {
      const [first] = this.#maps;
      this.#tolerateFull(() => {
        this.#maps.push(MassTree.attach<Value, KeyType>(first!.handle));
      });
    } else {
      // The iterator belongs to one of them.
      this.#open = undefined;
      this.#maps.shift()!.close();
    }
  }

  /** Keys next to each other, for trees that are higher. */
  #many(): void {
    const start = this.#source.next();
    const prefix = this.#key().subarray(0, 6);
    const count = this.#source.next() % 64;
    for (let i = 0; i < count; i++) {
      const bytes = Uint8Array.from([...prefix, start, (i * 37) & 255]);
      this.#set(i % 8 === 0 ? this.#keep(bytes) : bytes, 1 + i);
    }
  }

  /** Everything between two keys. */
  #removeSome(): void {
    const all = this.#oracle.all();
    const from = Math.floor((this.#source.next() / 256) * all.length);
    const gone = all.slice(from, from + this.#source.next());
    this.#doing = "remove a range";
    for (const { key, rank } of gone) {
      expectSame(this.#map.delete(key), true);
      this.#oracle.delete(rank);
      this.#open?.must.delete(rank);
    }
  }

  #clear(): void {
    this.#doing = "clear";
    this.#map.clear();
    this.#oracle.clear();
    this.#open?.must.clear();
    expectSame(this.#map.size, 0);
  }

  #finish(): void {
    while (this.#open !== undefined) this.#stepOnce(this.#open);
    this.#doing = "comparing all";
    const map = this.#maps.pop()!;
    for (const other of this.#maps.splice(0)) other.close();
    this.#maps.push(map);
    verify(map);
    this.#expectEntries(map.entries(), this.#oracle.all());
    this.#expectEntries(map.entries({ reverse: true }), [...this.#oracle.all()].reverse());
    this.#doing = "giving all back";
    map.clear();
    expectSame(treeOf(map).exports.quiesce(), 1);
    verify(map);
  }
}

function expectSame<T>(got: T, expected: T): void {
  if (got !== expected) throw new Error(`got ${brief(got)}, expected ${brief(expected)}`);
}

function brief(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= 200 ? text : `${text.slice(0, 200)}... (${text.length})`;
}
