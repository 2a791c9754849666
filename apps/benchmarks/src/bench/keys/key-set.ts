// The keys of a run, in shared memory: made once, read by the threads of all peers.
//
// A key's number is its rank: keys 0 to size - 1 are those of the full map, in ascending order. The keys after them
// are absent from it, in random order: what misses look for, and what workloads insert.
import { isAscii } from "node:buffer";
import { UsageError } from "../../failure.ts";
import { bytes as asBytes, count } from "../../format.ts";
import { KeyBuilder } from "../../keys/builder.ts";
import { readInstalledPaths } from "../../keys/directory.ts";
import { readKeyFile } from "../../keys/file.ts";
import { byCodePoint } from "../../maps/native-map.ts";
import { randomFrom, shuffle } from "../../random.ts";
import { compareTuples } from "../peers/order.ts";
import type { Key, KeyType, MapFacts, Tuple } from "../peers/peer.ts";
import { FILE_PREFIX, type KeyKind, keyKind } from "./kinds.ts";

/** A plain value that can be sent to a thread. */
export interface KeySet extends MapFacts {
  readonly kind: string;
  /** How many absent keys there are. */
  readonly absent: number;
  /** Numbers as f64; everything else as bytes back to back, tuples as JSON. */
  readonly bytes: SharedArrayBuffer;
  /** Where each key begins, and the end of the last: u32. Empty for numbers. */
  readonly starts: SharedArrayBuffer;
}

/** More absent keys than this are of no use: no sample inserts as many. */
const MOST_ABSENT = 2 ** 18;
const MOST_BYTES = 2 ** 31 - 1;

export function absentFor(size: number): number {
  return Math.min(size, MOST_ABSENT);
}

export interface KeySource {
  /** A name that `keyKind` knows. */
  readonly kind: string;
  readonly size: number;
  readonly seed: number;
  /** The repository, for the kind `paths`. */
  readonly root: string;
}

/** Makes the keys. If the kind has fewer than `size`, the set has as many as there are. */
export async function makeKeySet({ kind: name, size, seed, root }: KeySource): Promise<KeySet> {
  const kind = keyKind(name);
  if (kind === undefined) throw new Error(`there is no kind of keys '${name}'`);
  if (kind.key !== undefined) {
    const random = randomFrom(seed);
    const make = kind.key;
    const all = Array.from({ length: size + absentFor(size) }, (_, i) => make(i, random));
    return packKeys(kind.name, kind.type, all.slice(0, size), all.slice(size));
  }
  const texts = await readTexts(kind, root);
  shuffle(texts, randomFrom(seed));
  const present = texts.slice(0, size);
  return packKeys(kind.name, kind.type, present, absentTexts(texts, present.length));
}

async function readTexts(kind: KeyKind, root: string): Promise<string[]> {
  const builder = new KeyBuilder();
  if (kind.name.startsWith(FILE_PREFIX)) {
    await readKeyFile(kind.name.slice(FILE_PREFIX.length), builder, () => {});
  } else {
    await readInstalledPaths(root, builder, () => {});
  }
  const { bytes, starts, count: total } = builder.finish();
  const ends = new Uint32Array(starts);
  const text = Buffer.from(bytes);
  return Array.from({ length: total }, (_, i) => text.toString("utf8", ends[i], ends[i + 1]));
}

/** The texts that are left, and if they are too few, others that are close to those that are present. */
function absentTexts(texts: readonly string[], present: number): string[] {
  const wanted = absentFor(present);
  const absent = texts.slice(present, present + wanted);
  const all = new Set(texts);
  for (let i = 0; absent.length < wanted && i < present; i++) {
    const near = `${texts[i]}~`;
    if (!all.has(near)) absent.push(near);
  }
  return absent;
}

/** Sorts `present`, and puts all keys into shared memory. */
export function packKeys(kind: string, type: KeyType, present: Key[], absent: Key[]): KeySet {
  const facts = { kind, type, size: present.length, absent: absent.length };
  sortKeys(type, present);
  if (type === "number") {
    const bytes = new SharedArrayBuffer((present.length + absent.length) * 8);
    const numbers = new Float64Array(bytes);
    numbers.set(present as number[]);
    numbers.set(absent as number[], present.length);
    return { ...facts, ascii: true, longestKey: 0, bytes, starts: new SharedArrayBuffer(0) };
  }
  const encoded = (key: Key): Uint8Array => {
    if (type === "bytes") return key as Uint8Array;
    return Buffer.from(type === "tuple" ? JSON.stringify(key) : (key as string));
  };
  const starts = new SharedArrayBuffer((present.length + absent.length + 1) * 4);
  const ends = new Uint32Array(starts);
  let total = 0;
  let longest = 0;
  const parts = [present, absent];
  let next = 0;
  for (const part of parts) {
    for (const key of part) {
      const { length } = encoded(key);
      total += length;
      if (total > MOST_BYTES) {
        throw new UsageError(
          `${count(present.length)} keys of kind '${kind}' take more than ${asBytes(MOST_BYTES + 1)}: ` +
            "choose a smaller --size",
        );
      }
      if (length > longest) longest = length;
      ends[++next] = total;
    }
  }
  const bytes = new SharedArrayBuffer(total);
  const target = new Uint8Array(bytes);
  next = 0;
  for (const part of parts) for (const key of part) target.set(encoded(key), ends[next++]);
  return {
    ...facts,
    ascii: isAscii(target),
    longestKey: type === "tuple" ? 0 : longest,
    bytes,
    starts,
  };
}

function sortKeys(type: KeyType, keys: Key[]): void {
  switch (type) {
    case "string":
      // The engine's own order is that of UTF-16 units, which for ASCII is that of bytes.
      if ((keys as string[]).every((key) => isAscii(Buffer.from(key)))) (keys as string[]).sort();
      else (keys as string[]).sort(byCodePoint);
      return;
    case "number":
      (keys as number[]).sort((a, b) => a - b);
      return;
    case "bytes":
      (keys as Uint8Array[]).sort(Buffer.compare);
      return;
    case "tuple":
      (keys as Tuple[]).sort(compareTuples);
  }
}

/** Reads one key of a set. Each call makes a new object, as if it came from input. */
export class KeyReader {
  readonly #set: KeySet;
  readonly #bytes: Buffer;
  readonly #ends: Uint32Array;
  readonly #numbers: Float64Array;
  readonly #encoding: "latin1" | "utf8";

  constructor(set: KeySet) {
    this.#set = set;
    this.#bytes = Buffer.from(set.bytes);
    this.#ends = new Uint32Array(set.starts);
    this.#numbers = set.type === "number" ? new Float64Array(set.bytes) : new Float64Array(0);
    this.#encoding = set.ascii ? "latin1" : "utf8";
  }

  read(number: number): Key {
    switch (this.#set.type) {
      case "number":
        return this.#numbers[number]!;
      case "bytes":
        return Uint8Array.from(this.#bytes.subarray(this.#ends[number], this.#ends[number + 1]));
      case "tuple":
        return JSON.parse(this.text(number));
      case "string":
        return this.text(number);
    }
  }

  /**
   * A key's text as one flat object. (V8 builds `a + b` as a pair of strings, which may stay a pair when it is old.
   * Maps that compare many keys would then look slow.)
   */
  text(number: number): string {
    return this.#bytes.toString(this.#encoding, this.#ends[number], this.#ends[number + 1]);
  }
}

/** All keys of a set, absent ones included, by their numbers. */
export function readKeys(set: KeySet): Key[] {
  const reader = new KeyReader(set);
  return Array.from({ length: set.size + set.absent }, (_, number) => reader.read(number));
}
