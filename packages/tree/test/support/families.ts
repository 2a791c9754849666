// Families of keys that a number picks from: what the scenarios insert.
import { bigEndian, concat, repeat, utf8 } from "./bytes.ts";
import type { Key } from "./instance.ts";

/** Odd, so that multiplying by it modulo 2^32 maps different numbers to different ones. */
const SCATTER = 0x9e3779b1;

function scattered(i: number): number {
  return Math.imul(i, SCATTER) >>> 0;
}

/**
 * Numbers of 1 to 10 digits in turn, each length counted up from its power of ten: 1, 10, 100, ...,
 * 1000000000, 2, 11, 101, ... So the short ones are prefixes of long ones, and neighbours of more than
 * 8 digits share a slice. What a length has no room for has 10 digits, from 5000000000 on.
 */
export function decimalNumber(i: number): number {
  const power = 10 ** (i % 10);
  const nth = Math.floor(i / 10);
  return nth < 9 * power ? power + nth : 5_000_000_000 + i;
}

export type Family =
  | "binary"
  | "ascending"
  | "descending"
  | "decimal"
  | "digits8"
  | "paths"
  | "urls"
  | "zeroes"
  | "fixed22"
  | "suffixes"
  | "bulky"
  | "deep"
  | "shared16";

export const families: Readonly<Record<Family, (i: number) => Key>> = {
  /** 8 bytes, all in one layer, in no order. */
  binary: (i) => bigEndian(scattered(i) * 2 ** 20 + (i & 0xff)),
  /** 8 bytes, in order. */
  ascending: (i) => bigEndian(i),
  descending: (i) => bigEndian(2 ** 40 - i),
  /** 1 to 10 digits. */
  decimal: (i) => utf8(String(decimalNumber(i))),
  /** 8 digits, scattered. */
  digits8: (i) => utf8(String((i * 7919) % 100_000_000).padStart(8, "0")),
  /** Long shared prefixes, and tails of different lengths: layers and suffixes. */
  paths: (i) =>
    utf8(
      `/usr/lib/node_modules/some/shared/prefix/${i % 13}/${i.toString(36).padStart(i % 9, "0")}`,
    ),
  /** A few hosts and directories, and a page that only one has. */
  urls: (i) => {
    const host = ["www.example.org", "example.com", "a.very.long.host.name.example.net"][i % 3];
    return utf8(`http://${host}/path/${i % 17}/page-${i}.html?session=${i * 31}`);
  },
  /** Zero bytes, prefixes of each other, borders of slices. */
  zeroes: (i) => concat(repeat(0, i % 30), Uint8Array.of(i & 255, i >>> 8)),
  /** 22 bytes, of which the first four are the same in all. */
  fixed22: (i) => concat(utf8("user"), utf8(String(scattered(i)).padStart(18, "0"))),
  /** Every key a slice of its own and a suffix, of up to 1,000 bytes: bags that fill up often. */
  suffixes: (i) => concat(bigEndian(i), repeat(i, 1 + ((i * 397) % 1000))),
  /** Every third key so long that copying it takes a while, the others long enough to fill a bag. */
  bulky: (i) => concat(bigEndian(i), repeat(i, i % 3 === 0 ? 8000 : 4000)),
  /** 16 bytes, of which the first eight are the same in all. */
  shared16: (i) => concat(utf8("0slice00"), bigEndian(i)),
  /** Under a prefix of 100 bytes. */
  deep: (i) => concat(repeat(0x70, 100), utf8(String(i))),
};

/** 0 to count - 1 in a random order. */
export function shuffled(count: number, random: () => number): number[] {
  const list = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j] as number, list[i] as number];
  }
  return list;
}
