// How often a word occurs, and in how many files, in one number: so one step of any map changes both.
//
//   number = files * 2^32 + occurrences      exact below 2^53: two million files, four billion words
//
// What is counted under EVERYTHING are all words of all files. It is no word, because it has one character.

/** What a file adds to the number of each word it has, besides the occurrences. */
export const FILE = 2 ** 32;
export const EVERYTHING = "*";
/** With more, the numbers would not be exact. */
export const MOST_FILES = 2_000_000;

/** A word and its number. */
export type Entry = readonly [word: string, number: number];

export const filesOf = (number: number): number => Math.floor(number / FILE);
export const occurrencesOf = (number: number): number => number % FILE;

/** `3 times in 1 file`. */
export function saidOf(number: number): string {
  const [times, files] = [occurrencesOf(number), filesOf(number)];
  return `${times} ${times === 1 ? "time" : "times"} in ${files} ${files === 1 ? "file" : "files"}`;
}

/** The entries of one file: its words, and then EVERYTHING, so that who has read that has the file. */
export function* entriesOf(counts: ReadonlyMap<string, number>): Generator<Entry> {
  let all = 0;
  for (const [word, count] of counts) {
    all += count;
    yield [word, FILE + count];
  }
  yield [EVERYTHING, FILE + all];
}

/** Adds to an entry of a `Map`. */
export function addTo(words: Map<string, number>, word: string, number: number): void {
  const before = words.get(word);
  if (before === undefined) words.set(copyOf(word), number);
  else words.set(word, before + number);
}

/** A slice of a text keeps the whole text in memory. A key that stays must not. */
function copyOf(word: string): string {
  return Buffer.from(word).toString();
}

/** The most frequent words first; of equally frequent ones, in the order of the alphabet. */
export function mostFrequent(entries: Iterable<Entry>, most = 5): Entry[] {
  const top: Entry[] = [];
  for (const entry of entries) {
    const place = top.findIndex((other) => isBefore(entry, other));
    if (place >= 0) top.splice(place, 0, entry);
    else if (top.length < most) top.push(entry);
    if (top.length > most) top.pop();
  }
  return top;
}

function isBefore([word, number]: Entry, [otherWord, other]: Entry): boolean {
  const difference = occurrencesOf(number) - occurrencesOf(other);
  return difference !== 0 ? difference > 0 : word < otherWord;
}
