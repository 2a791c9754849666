// What a word is, and how often each occurs in a text.
//
// The text is put into lower case and cut into its longest runs of letters, marks, digits and
// underscores, as Unicode defines them. Runs of 2 to 64 characters are words. Longer ones are data.
const FEWEST = 2;
export const MOST_CHARACTERS = 64;

const isAsciiWord = Uint8Array.from({ length: 128 }, (_, unit) =>
  /[a-z0-9_]/i.test(String.fromCharCode(unit)) ? 1 : 0,
);
const wordBeyondAscii = /^[\p{L}\p{M}\p{N}]$/u;
const isWordBeyondAscii = new Map<number, boolean>();

/** Counts the words of one text. */
export function countWords(text: string): Map<string, number> {
  const lower = text.toLowerCase();
  const counts = new Map<string, number>();
  let start = 0;
  /** Characters of the run that began at `start`; one beyond UTF-16's first plane takes two units. */
  let characters = 0;
  const endRun = (end: number): void => {
    if (characters >= FEWEST && characters <= MOST_CHARACTERS) {
      const word = lower.slice(start, end);
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    characters = 0;
  };
  for (let i = 0; i < lower.length; i++) {
    const unit = lower.charCodeAt(i);
    const point = unit < 128 ? unit : lower.codePointAt(i)!;
    if (unit < 128 ? isAsciiWord[unit] === 1 : isLetterLike(point)) {
      if (characters++ === 0) start = i;
    } else if (characters > 0) {
      endRun(i);
    }
    if (point > 0xffff) i++;
  }
  endRun(lower.length);
  return counts;
}

function isLetterLike(point: number): boolean {
  let answer = isWordBeyondAscii.get(point);
  if (answer === undefined) {
    answer = wordBeyondAscii.test(String.fromCodePoint(point));
    isWordBeyondAscii.set(point, answer);
  }
  return answer;
}
