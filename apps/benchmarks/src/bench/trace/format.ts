// The file format of `--trace`: one operation a line, fields with a tab between them.
//
//   get     KEY           looks the key up
//   set     KEY           gives it a value
//   delete  KEY           removes it
//   add     KEY           adds 1 to its value
//   scan    KEY  COUNT    reads up to COUNT entries in ascending order from the key on
//
// In keys, a tab is written \t, a line feed \n, a carriage return \r, a backslash \\. Empty lines and lines that begin
// with # are skipped.
import { traceWords } from "./trace.ts";

export type TraceWord = (typeof traceWords)[number];

export interface TraceLine {
  readonly word: TraceWord;
  readonly key: string;
  /** Of scans; otherwise 0. */
  readonly count: number;
}

/** Why a line is no operation. The message is a clause. */
export class TraceProblem extends Error {
  override readonly name = "TraceProblem";
}

const MOST_SCANNED = 2 ** 31;

/** @returns `undefined` for lines that say nothing */
export function parseLine(line: string): TraceLine | undefined {
  if (line === "" || line.startsWith("#")) return undefined;
  const [word = "", key, count, ...surplus] = line.split("\t");
  if (!isWord(word)) {
    throw new TraceProblem(
      `begins with '${shortened(word)}' instead of ${traceWords.join(", ")} and a tab`,
    );
  }
  if (key === undefined) throw new TraceProblem(`has no tab and key after '${word}'`);
  if (word !== "scan") {
    if (count !== undefined) throw new TraceProblem(`has a field after the key of '${word}'`);
    return { word, key: unescaped(key), count: 0 };
  }
  const entries = count !== undefined && /^\d{1,10}$/.test(count) ? Number(count) : 0;
  if (entries < 1 || entries > MOST_SCANNED || surplus.length > 0) {
    throw new TraceProblem("needs a key, a tab and a number of entries after 'scan'");
  }
  return { word, key: unescaped(key), count: entries };
}

export function formatLine({ word, key, count }: TraceLine): string {
  const escaped = key.replace(/[\\\t\n\r]/g, (character) => escapes[character]!);
  return word === "scan" ? `scan\t${escaped}\t${count}` : `${word}\t${escaped}`;
}

const escapes: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
};
const characters: Readonly<Record<string, string>> = { "\\": "\\", t: "\t", n: "\n", r: "\r" };

function unescaped(key: string): string {
  return key.replace(/\\(.?)/gs, (all, letter: string) => {
    const character = characters[letter];
    if (character === undefined)
      throw new TraceProblem(`has the unknown escape '${all}' in its key`);
    return character;
  });
}

function isWord(word: string): word is TraceWord {
  return (traceWords as readonly string[]).includes(word);
}

function shortened(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
