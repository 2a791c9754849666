// Prefixes in a `Map`. It has no order, so every key has to be looked at.
import type { Entry } from "../counts.ts";

export function* startingWith(words: Map<string, number>, prefix: string): Generator<Entry> {
  for (const [word, number] of words) {
    if (word.startsWith(prefix)) yield [word, number];
  }
}
