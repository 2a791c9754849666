// Compares what a way counted with the plain recount.
import { excerpt } from "../format.ts";
import { byCodePoint } from "../maps/native-map.ts";
import { type Entry, EVERYTHING, saidOf } from "./counts.ts";
import type { WordTable } from "./table.ts";

/**
 * Says what is wrong with the first word, in the order of words, that is not as in `wanted`. If all are
 * as they should be, looks at the order.
 *
 * @param sorted whether `found` has to be in the order of words
 * @returns undefined if nothing is wrong
 */
export function firstDifference(
  wanted: WordTable,
  found: Iterable<Entry>,
  sorted: boolean,
): string | undefined {
  const wrong = new Map<string, string>();
  const seen = new Set<string>();
  let disorder: string | undefined;
  let before: string | undefined;
  for (const [word, number] of found) {
    const right = wanted.get(word);
    if (seen.has(word)) wrong.set(word, "is there twice");
    else if (right === undefined) wrong.set(word, "is there, but not in the files");
    else if (right !== number) wrong.set(word, `is there ${saidOf(number)}, not ${saidOf(right)}`);
    seen.add(word);
    if (
      sorted &&
      disorder === undefined &&
      before !== undefined &&
      byCodePoint(before, word) >= 0
    ) {
      disorder = `${excerpt(word)} comes after ${excerpt(before)}: out of order`;
    }
    before = word;
  }
  for (const [word, number] of wanted) {
    if (!seen.has(word)) wrong.set(word, `is not there, but ${saidOf(number)} in the files`);
  }
  let first: string | undefined;
  for (const word of wrong.keys()) {
    if (first === undefined || byCodePoint(word, first) < 0) first = word;
  }
  if (first === undefined) return disorder;
  const others =
    wrong.size === 1
      ? ""
      : ` (and ${wrong.size - 1} more ${wrong.size === 2 ? "difference" : "differences"})`;
  const name = first === EVERYTHING ? "the total of all words" : excerpt(first);
  return `${name} ${wrong.get(first)}${others}`;
}
