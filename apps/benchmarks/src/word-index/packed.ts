// Many entries as one message: a text, which is copied at the speed of memory, and numbers, which are
// handed over. Cloning a Map or an array of strings costs several times as much.
import type { Entry } from "./counts.ts";

export interface Packed {
  /** Words hold no line ends. */
  readonly words: string;
  readonly numbers: Float64Array<ArrayBuffer>;
}

export function pack(words: readonly string[], numbers: Iterable<number>): Packed {
  return { words: words.join("\n"), numbers: Float64Array.from(numbers) };
}

export function* unpack({ words, numbers }: Packed): Generator<Entry> {
  if (numbers.length === 0) return;
  let next = 0;
  for (const word of words.split("\n")) yield [word, numbers[next++]!];
}
