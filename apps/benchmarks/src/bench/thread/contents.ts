// What a thread knows of the keys and values of a map, and how it tells that the map is right.
import { Difference } from "../../failure.ts";
import { below, randomFrom, shuffle } from "../../random.ts";
import { KeyReader, type KeySet, readKeys } from "../keys/key-set.ts";
import type { Peer, PeerMap } from "../peers/peer.ts";
import { type Key, pairOf } from "../peers/peer.ts";

/**
 * The value with number `i + generation * GENERATION` belongs to key `i`, whoever set it last: a value at a wrong key
 * is found. There are fewer keys than this.
 */
const GENERATION = 2 ** 25;

/** How many keys a check looks up, and how many short ranges it reads. */
const LOOKED_UP = 200;
const RANGES = 10;
const RANGE = 20;

export class Contents {
  readonly set: KeySet;
  readonly seed: number;
  readonly reader: KeyReader;
  /** Of all keys, absent ones included, by their numbers. */
  readonly keys: Key[];
  readonly #peer: Peer;
  #order: Uint32Array | undefined;
  #values: unknown[] | undefined;
  #updates: unknown[] | undefined;

  constructor(peer: Peer, set: KeySet, seed: number) {
    this.#peer = peer;
    this.set = set;
    this.seed = seed;
    this.reader = new KeyReader(set);
    this.keys = readKeys(set);
  }

  /** The numbers of the keys of the full map, in the random order in which they are inserted. */
  get order(): Uint32Array {
    if (this.#order === undefined) {
      const order = new Uint32Array(this.set.size);
      for (let i = 0; i < order.length; i++) order[i] = i;
      this.#order = shuffle(order, randomFrom(this.seed, 1));
    }
    return this.#order;
  }

  /** The first value of each key. Made once, so that loops do not measure how values are made. */
  get values(): unknown[] {
    this.#values ??= this.keys.map((_, i) => this.#peer.value(i));
    return this.#values;
  }

  /** Another value of each key. */
  get updates(): unknown[] {
    this.#updates ??= this.keys.map((_, i) => this.#peer.value(i + GENERATION));
    return this.#updates;
  }

  belongs(value: unknown, number: number): boolean {
    return value !== undefined && this.#peer.numberOf(value) % GENERATION === number;
  }

  /** Compares some of the full map's entries with what they have to be. */
  async check(map: PeerMap, round: number): Promise<void> {
    const { size } = this.set;
    const found = await map.size();
    if (found !== size)
      throw wrongFor(this.#peer, this, `it has ${found} entries instead of ${size}`);
    const random = randomFrom(this.seed, 100 + round);
    for (let n = 0; n < Math.min(size, LOOKED_UP); n++) {
      const number = below(random, size);
      const value = await map.get(this.keys[number]!);
      if (!this.belongs(value, number)) {
        throw wrongFor(
          this.#peer,
          this,
          `${named(this.keys[number]!)} has the value ${JSON.stringify(value)}`,
        );
      }
      const absent = this.keys[size + below(random, this.set.absent)];
      if (absent !== undefined && (await map.get(absent)) !== undefined) {
        throw wrongFor(
          this.#peer,
          this,
          `it has ${named(absent)}, which was never set, or removed`,
        );
      }
    }
    if (map.range === undefined) return;
    for (let n = 0; n < Math.min(size, RANGES); n++) {
      const first = below(random, size);
      let next = first;
      for await (const entry of await map.range({ from: this.keys[first]!, limit: RANGE })) {
        const [key, value] = pairOf(this.#peer, entry);
        if (named(key) !== named(this.keys[next]!) || !this.belongs(value, next)) {
          throw wrongFor(
            this.#peer,
            this,
            `a scan has ${named(key)} where ${named(this.keys[next]!)} is due`,
          );
        }
        if (++next === size || next - first === RANGE) break;
      }
      const due = Math.min(size, first + RANGE);
      if (next !== due)
        throw wrongFor(this.#peer, this, `a scan ended ${due - next} entries too early`);
    }
  }
}

/** The error that names the peer and its keys. */
export function wrongFor(peer: Peer, { set }: Contents, what: string): Difference {
  return new Difference(`${peer.name}, keys of kind '${set.kind}': ${what}`);
}

export function named(key: Key): string {
  return key instanceof Uint8Array ? `bytes ${[...key].join(" ")}` : JSON.stringify(key);
}
