// The entries that stores are filled with: keys of 16 hexadecimal digits in no order, and values that tell their key.
import { randomFrom, shuffle } from "../random.ts";
import { type Entry, weightOf } from "./peer.ts";

export interface Contents {
  /** In the order in which they are inserted. */
  readonly entries: readonly Entry[];
  readonly sortedKeys: readonly string[];
  /** Bytes of all keys and values. */
  readonly bytes: number;
}

/** @param valueBytes of each value, at least 16 */
export function makeContents(size: number, valueBytes: number, seed: number): Contents {
  const random = randomFrom(seed);
  const keys = new Set<string>();
  const word = () => random().toString(16).padStart(8, "0");
  while (keys.size < size) keys.add(word() + word());
  const entries = [...keys].map((key): Entry => [key, valueFor(key, valueBytes)]);
  shuffle(entries, random);
  return { entries, sortedKeys: [...keys].sort(), bytes: size * (16 + valueBytes) };
}

export function valueFor(key: string, valueBytes: number): string {
  return key.padEnd(valueBytes, key);
}

/** What a scan over keys has to sum up to. */
export function sumOf(keys: readonly string[], valueBytes: number): number {
  return keys.reduce((sum, key) => sum + weightOf(valueFor(key, valueBytes)), 0);
}
