// Value words that say whose they are: number of the key, who wrote it, how often it had been written.
//
//     2^53  sequence  2^28  writer  2^20  key  0

const KEYS = 2 ** 20;
const WRITERS = 2 ** 8;

export function wordOf(index: number, writer: number = 0, sequence: number = 0): number {
  return index + KEYS * (writer + WRITERS * sequence);
}

export function indexOf(value: number): number {
  return value % KEYS;
}

export function writerOf(value: number): number {
  return Math.floor(value / KEYS) % WRITERS;
}

export function sequenceOf(value: number): number {
  return Math.floor(value / (KEYS * WRITERS));
}

/** Throws when a condition does not hold. */
export function must(condition: boolean, what: () => string): asserts condition {
  if (!condition) throw new Error(what());
}
