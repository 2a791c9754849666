// The kinds of keys. Generated keys are distinct by construction, at any number of them, and depend only on the seed.
import { scatter } from "@tooling/random";
import type { Random } from "../../random.ts";
import type { Key, KeyType } from "../peers/peer.ts";

export interface KeyKind {
  readonly name: string;
  readonly type: KeyType;
  readonly description: string;
  /** Key number `i`, with as many random words as it likes. Absent for keys that are read. */
  readonly key?: (i: number, random: Random) => Key;
}

const scattered = (i: number): number => scatter((i + 0x9e3779b9) | 0);
const hex = (word: number): string => word.toString(16).padStart(8, "0");

const hosts = ["example.org", "masstree.dev", "data.example.com", "cdn.example.net"];
const sections = ["articles", "images", "users", "api/v2", "archive", "static"];

/** 200 bytes that all keys of a kind begin with, as paths deep below one folder do. */
export const LONG_PREFIX = "srv/data/tenants/0042/projects/masstree/".repeat(5);

/** Entries of one tenant in the kind `tuples`. */
const TENANT = 50;

export const FILE_PREFIX = "file:";

export const keyKinds: readonly KeyKind[] = [
  {
    name: "hex16",
    type: "string",
    description: "random strings of 16 hexadecimal characters",
    key: (i, random) => hex(scattered(i)) + hex(random()),
  },
  {
    name: "random-int",
    type: "number",
    description: "random whole numbers below 2^53",
    key: (i, random) => scattered(i) * 2 ** 21 + (random() >>> 11),
  },
  {
    name: "sequential-int",
    type: "number",
    description: "the whole numbers from 0 up; absent ones are those that follow",
    key: (i) => i,
  },
  {
    name: "decimal",
    type: "string",
    description: "the numbers from 0 up as decimal text; absent ones are those that follow",
    key: (i) => String(i),
  },
  {
    name: "urls",
    type: "string",
    description: "URLs of about 40 characters with shared prefixes",
    key: (i, random) => {
      const word = random();
      const section = sections[(word >>> 2) % 6];
      // Years and months make deep shared prefixes; the last part makes the key unique.
      const month = `${2000 + ((word >>> 8) % 26)}/${10 + ((word >>> 16) % 12)}`;
      return `https://${hosts[word & 3]}/${section}/${month}/${i.toString(36)}`;
    },
  },
  {
    name: "paths",
    type: "string",
    description: "the paths of all files that are installed below node_modules, in random choice",
  },
  {
    name: "uuid",
    type: "string",
    description: "random UUIDs (version 4) as text",
    key: (i, random) => {
      const [a, b, c] = [hex(random()), hex(random()), hex(random())];
      const variant = "89ab"[random() & 3];
      return `${hex(scattered(i))}-${a.slice(0, 4)}-4${a.slice(4, 7)}-${variant}${b.slice(0, 3)}-${b.slice(3, 7)}${c}`;
    },
  },
  {
    name: "long-prefix",
    type: "string",
    description: `${LONG_PREFIX.length} bytes that all keys share, then 12 random characters`,
    key: (i, random) => LONG_PREFIX + hex(scattered(i)) + hex(random()).slice(4),
  },
  {
    name: "tuples",
    type: "tuple",
    description: 'pairs such as ["tenant-000042", 17], 50 for each tenant',
    key: (i) => [`tenant-${String(Math.floor(i / TENANT)).padStart(6, "0")}`, i % TENANT],
  },
  {
    name: "bytes8",
    type: "bytes",
    description: "random byte strings of 8 bytes",
    key: (i, random) => {
      const bytes = new Uint8Array(8);
      const view = new DataView(bytes.buffer);
      view.setUint32(0, scattered(i));
      view.setUint32(4, random());
      return bytes;
    },
  },
];

/** The kind with a name. `file:PATH` is the lines of a UTF-8 text file. */
export function keyKind(name: string): KeyKind | undefined {
  if (name.startsWith(FILE_PREFIX) && name.length > FILE_PREFIX.length) {
    return { name, type: "string", description: "the lines of a file, in random choice" };
  }
  return keyKinds.find((kind) => kind.name === name);
}
