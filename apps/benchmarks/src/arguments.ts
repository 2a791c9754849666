// Arguments from text to values, with messages that say what was wanted.
import { InvalidArgumentError } from "commander";
import { count as grouped } from "./format.ts";

/** A parser of whole numbers from `least` to `most`; underscores and commas may group digits. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d[\d_,]*$/.test(text) ? Number(text.replace(/[_,]/g, "")) : Number.NaN;
    if (!(value >= least && value <= most)) {
      throw new InvalidArgumentError(
        `It should be a whole number from ${grouped(least)} to ${grouped(most)}.`,
      );
    }
    return value;
  };
}

/** A parser of whole numbers with commas between them; none of an empty text. */
export function wholeNumbers(least: number, most: number): (text: string) => number[] {
  return (text) => {
    if (text.trim() === "") return [];
    const values = text.split(",").map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : -1));
    if (values.some((value) => value < least || value > most)) {
      throw new InvalidArgumentError(
        `It should be whole numbers from ${least} to ${most} with commas between them, such as 1,2,4.`,
      );
    }
    return [...new Set(values)].sort((a, b) => a - b);
  };
}

/**
 * A parser of names with commas between them; the option may be given several times. The result is
 * in the order of `known`.
 */
export function names<Name extends string>(
  known: readonly Name[],
): (text: string, before?: Name[]) => Name[] {
  let given: Name[] | undefined;
  return (text) => {
    for (const part of text.split(",")) {
      const wanted = normal(part);
      const found = known.find((name) => normal(name) === wanted);
      if (found === undefined) {
        throw new InvalidArgumentError(
          `There is no '${part.trim()}'. There are ${known.map((name) => `'${name}'`).join(", ")}.`,
        );
      }
      given = [...(given ?? []), found];
    }
    return known.filter((name) => given!.includes(name));
  };
}

/** Names are matched without regard to case, spaces and dashes: 'scan-100' is 'scan 100'. */
function normal(name: string): string {
  return name.toLowerCase().replace(/[\s_()-]/g, "");
}
