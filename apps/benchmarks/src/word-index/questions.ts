// Five questions to the complete index. A map in order answers them from where the answer begins; a `Map`
// would have to look at every word, and sort. The same questions are put to a plain sorted list, to check
// the answers.
import type { MassTreeInline } from "masstree";
import { excerpt } from "../format.ts";
import { byCodePoint } from "../maps/native-map.ts";
import { type Entry, EVERYTHING, filesOf, mostFrequent } from "./counts.ts";

/** The words in the questions, which have to make sense for the input. */
export interface Parameters {
  readonly completed: string;
  readonly counted: string;
  readonly from: string;
  readonly to: string;
  readonly near: string;
}

/** Entries, of which the words and their numbers matter, or a count. */
export type Found = readonly Entry[] | number;

export interface Answer {
  readonly question: string;
  readonly call: string;
  readonly found: Found;
  readonly milliseconds: number;
}

export type WordMap = MassTreeInline;

interface Question {
  readonly text: string;
  /** The call that answers it, as one would write it. */
  readonly call: string;
  ask(words: WordMap): Found;
  /** @param sorted all entries in the order of words */
  plain(sorted: readonly Entry[]): Found;
}

const BETWEEN = 8;

function list({ completed, counted, from, to, near }: Parameters): Question[] {
  return [
    {
      text: `What may ${excerpt(completed)} become? The most frequent words that begin with it:`,
      call: `mostFrequent(words.entries({ prefix: ${excerpt(completed)} }))`,
      ask: (words) => mostFrequent(words.entries({ prefix: completed })),
      plain: (sorted) => mostFrequent(sorted.filter(([word]) => word.startsWith(completed))),
    },
    {
      text: `How many words begin with ${excerpt(counted)}?`,
      call: `words.count({ prefix: ${excerpt(counted)} })`,
      ask: (words) => words.count({ prefix: counted }),
      plain: (sorted) => sorted.filter(([word]) => word.startsWith(counted)).length,
    },
    {
      text: `The first words from ${excerpt(from)} on, before ${excerpt(to)}:`,
      call: `words.entries({ gte: ${excerpt(from)}, lt: ${excerpt(to)}, limit: ${BETWEEN} })`,
      ask: (words) => [...words.entries({ gte: from, lt: to, limit: BETWEEN })],
      plain: (sorted) =>
        sorted
          .filter(([word]) => byCodePoint(word, from) >= 0 && byCodePoint(word, to) < 0)
          .slice(0, BETWEEN),
    },
    {
      text: `The neighbours of ${excerpt(near)}, which does not have to be there:`,
      call: `words.lower(${excerpt(near)}), words.higher(${excerpt(near)})`,
      ask: (words) => [words.lower(near), words.higher(near)].filter(isWord),
      plain: (sorted) =>
        [
          sorted.findLast(([word]) => byCodePoint(word, near) < 0),
          sorted.find(([word]) => byCodePoint(word, near) > 0),
        ].filter(isWord),
    },
    {
      text: "Which word is in most files? Here every word has to be looked at:",
      call: `for (const [word, number] of words.entries({ gt: ${excerpt(EVERYTHING)} })) …`,
      ask: (words) => inMostFiles(words.entries({ gt: EVERYTHING })),
      plain: (sorted) => inMostFiles(sorted.filter(([word]) => word !== EVERYTHING)),
    },
  ];
}

const isWord = <E extends Entry>(entry: E | undefined): entry is E =>
  entry !== undefined && entry[0] !== EVERYTHING;

/** The first of the words that are in most files. */
function inMostFiles(entries: Iterable<Entry>): Entry[] {
  let most: Entry | undefined;
  for (const entry of entries) {
    if (most === undefined || filesOf(entry[1]) > filesOf(most[1])) most = entry;
  }
  return most === undefined ? [] : [most];
}

/** Puts all questions to the map. */
export function askAll(words: WordMap, parameters: Parameters): Answer[] {
  return list(parameters).map(({ text, call, ask }) => {
    const start = performance.now();
    const found = ask(words);
    return { question: text, call, found, milliseconds: performance.now() - start };
  });
}

/**
 * Checks the answers.
 *
 * @param sorted all entries in the order of words
 * @returns what is wrong with the first wrong answer, if there is one
 */
export function firstWrongAnswer(
  answers: readonly Answer[],
  parameters: Parameters,
  sorted: readonly Entry[],
): string | undefined {
  for (const [index, { call, plain }] of list(parameters).entries()) {
    const wanted = plain(sorted);
    const found = answers[index]?.found;
    if (JSON.stringify(found) !== JSON.stringify(wanted)) {
      return `${call} gave ${excerpt(found)} instead of ${excerpt(wanted)}`;
    }
  }
  return undefined;
}

/** Words that programs have; for other input, words from its middle. */
export function chooseParameters(sorted: readonly Entry[]): Parameters {
  const words = wordsOf(sorted);
  const middle = words[words.length >> 1] ?? "word";
  const begins = (prefix: string): boolean =>
    words.filter((word) => word.startsWith(prefix)).length > 2;
  return {
    completed: begins("conc") ? "conc" : beginningOf(middle),
    counted: begins("use") ? "use" : beginningOf(middle),
    ...(begins("tree")
      ? { from: "tree", to: "trek" }
      : { from: middle, to: words.at(-1) ?? middle }),
    near: "masstree",
  };
}

/** Beginnings of words from all over the order, to ask for while the files are read. */
export function choosePrefixes(sorted: readonly Entry[], most = 100): string[] {
  const words = wordsOf(sorted);
  const every = Math.max(1, Math.ceil(words.length / most));
  const prefixes = new Set<string>();
  for (let i = every >> 1; i < words.length; i += every) prefixes.add(beginningOf(words[i]!));
  return [...prefixes];
}

function wordsOf(entries: readonly Entry[]): string[] {
  return entries.flatMap(([word]) => (word === EVERYTHING ? [] : [word]));
}

/** Three characters, none of them cut in half. */
const beginningOf = (word: string): string => Array.from(word).slice(0, 3).join("");
