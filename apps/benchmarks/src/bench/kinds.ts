// The kinds of keys that are measured. The keys are distinct by construction, at any count. They depend
// only on the seed, so each worker makes its own.
import { scatter } from "@tooling/random";
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

const scattered = (i: number): number => scatter((i + 0x9e3779b9) | 0);

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
    description: "the numbers from 0 up, in decimal",
    key: (i) => String(i),
  },
  {
    name: "urls",
    type: "string",
    description: "URLs of about 40 characters with shared prefixes",
    key: (i, random) => {
      const host = hosts[random & 3];
      const section = sections[(random >>> 2) % 6];
      // Years and months make deep shared prefixes; the last part makes the key unique.
      const day = `${2000 + ((random >>> 8) % 26)}/${10 + ((random >>> 16) % 12)}`;
      return `https://${host}/${section}/${day}/${i.toString(36)}`;
    },
  },
];

export interface BenchKeys {
  /** The keys in the random order in which they are inserted. */
  readonly inserted: Key[];
  /** The keys in another random order, in which they are looked up. */
  readonly probes: Key[];
  /** For each probe, its index in `inserted`. */
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

// Makes a flat string, as a program reads it from input. V8 builds `a + b` as a pair of strings. If the
// pair is old by the time it is first read, it stays a pair, and each comparison follows one more
// pointer. Maps that compare many keys would then look slow.
function asRead(key: Key): Key {
  return typeof key === "string" ? Buffer.from(key, "latin1").toString("latin1") : key;
}

/** The keys sorted by their bytes, which for numbers is numeric order. */
export function sortedKeys(kind: KeyKind, keys: readonly Key[]): Key[] {
  // Strings here are ASCII, so the native order by UTF-16 units is the order of the bytes.
  if (kind.type === "string") return [...(keys as string[])].sort();
  if (kind.type === "number") return Array.from(Float64Array.from(keys as number[]).sort());
  return [...(keys as Uint8Array[])].sort(Buffer.compare);
}
