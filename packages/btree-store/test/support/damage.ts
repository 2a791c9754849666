// Damages a file, and looks at what a store makes of it: right data or an error, never wrong data in silence.
import type { StoreClass } from "./crashes.ts";
import { metasOf } from "./metas.ts";
import { type Contents, contentsOf, same } from "./model.ts";
import { SimDisk } from "./sim-disk.ts";

export class DamageFinding extends Error {}

/** What became of a damaged file. */
export type Outcome = "right" | "error" | "reported";

/**
 * Opens a damaged file, and reads all of it.
 *
 * @param newest what it held
 * @param older what the state before held, which is right if the loss is reported
 */
export function openDamaged(
  StoreOf: StoreClass,
  file: Uint8Array,
  newest: Contents,
  older: Contents,
): Outcome {
  const disk = new SimDisk(file);
  try {
    const store = StoreOf.open("disk", { vfs: disk, cacheBytes: 0 });
    try {
      const found = contentsOf(store);
      const isReported = store.stats().recovery !== undefined;
      if (same(found, newest)) return isReported ? "reported" : "right";
      if (isReported && same(found, older)) return "reported";
      throw new DamageFinding("It holds something else, and does not say so.");
    } finally {
      store.close();
    }
  } catch (error) {
    if ((error as { code?: string }).code === "STORE_CORRUPT") return "error";
    throw error;
  }
}

/**
 * Flips bits of the pages in use, one at a time.
 *
 * @param step every how many bits
 * @param start the first bit
 * @returns how many bits were flipped
 */
export function flipBits(
  StoreOf: StoreClass,
  file: Uint8Array,
  newest: Contents,
  older: Contents,
  step: number,
  start: number,
): number {
  const { pageBytes, pages } = metasOf(file)[0]!;
  const end = 8 * pageBytes * pages;
  let count = 0;
  for (let bit = start; bit < end; bit += step) {
    file[bit >>> 3]! ^= 1 << (bit & 7);
    let outcome: Outcome;
    try {
      outcome = openDamaged(StoreOf, file, newest, older);
    } catch (cause) {
      throw new DamageFinding(`bit ${bit}: ${(cause as Error).message}`, { cause });
    } finally {
      file[bit >>> 3]! ^= 1 << (bit & 7);
    }
    // Each meta page has its record twice.
    if (bit < 16 * pageBytes && outcome !== "right") {
      throw new DamageFinding(`bit ${bit} of a meta page: ${outcome}`);
    }
    count++;
  }
  return count;
}
