// The complete index as plain data: what the ways are compared with, and what processes send.
import type { Entry } from "./counts.ts";
import { type Packed, pack, unpack } from "./packed.ts";

/** Every word, and EVERYTHING, with its number. */
export type WordTable = ReadonlyMap<string, number>;

export const packTable = (table: WordTable): Packed => pack([...table.keys()], table.values());

export const unpackTable = (packed: Packed): WordTable => new Map(unpack(packed));

/** Keeps the order of the entries, and a word that comes twice, for the check to find. */
export function packEntries(entries: Iterable<Entry>): Packed {
  const words: string[] = [];
  const numbers: number[] = [];
  for (const [word, number] of entries) {
    words.push(word);
    numbers.push(number);
  }
  return pack(words, numbers);
}
