// The keys that are measured. All are distinct by construction, at any count, and depend on the
// seed only: each worker makes its own.
import { randomFrom, shuffle } from "../random.ts";

export type Key = string | number | Uint8Array;
export type KeyType = "string" | "number" | "bytes";

export interface KeyKind {
  readonly name: string;
  readonly type: KeyType;
  readonly description: string;
  /** Key number `i`; `random` is any 32-bit number. */
  key(i: number, random: number): Key;
}

/** A permutation of the 32-bit numbers: distinct inputs stay distinct, neighbours do not. */
function scattered(i: number): number {
  let z = (i + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

const hex = (word: number): string => word.toString(16).padStart(8, "0");

const hosts = ["example.org", "masstree.dev", "data.example.com", "cdn.example.net"];
const sections = ["articles", "images", "users", "api/v2", "archive", "static"];

export const keyKinds: readonly KeyKind[] = [
  {
    name: "random16",
    type: "string",
    description: "random strings of 16 hexadecimal characters",
    key: (i, random) => hex(scattered(i)) + hex(random),
  },
  {
    name: "number8",
    type: "number",
    description: "random whole numbers below 2^53",
    key: (i, random) => scattered(i) * 2 ** 21 + (random >>> 11),
  },
  {
    name: "bytes8",
    type: "bytes",
    description: "random byte strings of 8 bytes",
    key: (i, random) => {
      const bytes = new Uint8Array(8);
      const view = new DataView(bytes.buffer);
      view.setUint32(0, scattered(i));
      view.setUint32(4, random);
      return bytes;
    },
  },
  {
    name: "decimal",
    type: "string",
    description: "the numbers from 0 on, in decimal",
    key: (i) => String(i),
  },
  {
    name: "urls",
    type: "string",
    description: "urls of about 40 characters with shared prefixes",
    key: (i, random) => {
      const host = hosts[random & 3];
      const section = sections[(random >>> 2) % 6];
      // Years and months make deep shared prefixes, the last part makes the key.
      const day = `${2000 + ((random >>> 8) % 26)}/${10 + ((random >>> 16) % 12)}`;
      return `https://${host}/${section}/${day}/${i.toString(36)}`;
    },
  },
];

export interface BenchKeys {
  /** In random order, in which they are inserted. */
  readonly inserted: Key[];
  /** In another random order, in which they are looked up. */
  readonly probes: Key[];
  /** For each probe its number in `inserted`. */
  readonly probeNumbers: Uint32Array;
}

export function makeKeys(kind: KeyKind, count: number, seed: number): BenchKeys {
  const random = randomFrom(seed);
  const made = Array.from({ length: count }, (_, i) => asRead(kind.key(i, random())));
  const inserted = shuffle(made, randomFrom(seed, 1));
  const probeNumbers = new Uint32Array(count);
  for (let i = 0; i < count; i++) probeNumbers[i] = i;
  shuffle(probeNumbers, randomFrom(seed, 2));
  return { inserted, probes: Array.from(probeNumbers, (i) => inserted[i]!), probeNumbers };
}

// A string as input gives it: one object. One that `+` put together stays two in V8 if it is old by the
// time it is first read, and each comparison follows one pointer more: maps that compare many look slow.
function asRead(key: Key): Key {
  return typeof key === "string" ? Buffer.from(key, "latin1").toString("latin1") : key;
}

/** The keys of `keys` in the order of their bytes, which for numbers is numeric order. */
export function sortedKeys(kind: KeyKind, keys: readonly Key[]): Key[] {
  // Strings here are ASCII: the native order of UTF-16 units is that of bytes.
  if (kind.type === "string") return [...(keys as string[])].sort();
  if (kind.type === "number") return Array.from(Float64Array.from(keys as number[]).sort());
  return [...(keys as Uint8Array[])].sort(Buffer.compare);
}
