// Parses command-line arguments. The messages say what is allowed.
import { InvalidArgumentError } from "commander";
import { bytes, count as grouped } from "./format.ts";

/** Makes a parser of whole numbers from `least` to `most`. Underscores and commas may group digits. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d[\d_,]*$/.test(text) ? Number(text.replace(/[_,]/g, "")) : Number.NaN;
    if (!(value >= least && value <= most)) {
      throw new InvalidArgumentError(
        `Pass a whole number from ${grouped(least)} to ${grouped(most)}.`,
      );
    }
    return value;
  };
}

/** Makes a parser of comma-separated whole numbers. The result is sorted. */
export function wholeNumbers(least: number, most: number): (text: string) => number[] {
  return (text) => {
    const values = text.split(",").map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : -1));
    if (values.some((value) => value < least || value > most)) {
      throw new InvalidArgumentError(
        `Pass whole numbers from ${least} to ${most}, separated by commas, such as 1,2,4.`,
      );
    }
    return [...new Set(values)].sort((a, b) => a - b);
  };
}

/**
 * Makes a parser of comma-separated names. The option may be given several times. The result is in the
 * order of `known`.
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
          `There is no '${part.trim()}'. Choose from ${known.map((name) => `'${name}'`).join(", ")}.`,
        );
      }
      given = [...(given ?? []), found];
    }
    return known.filter((name) => given!.includes(name));
  };
}

/** Matching ignores case, spaces, dashes and parentheses: 'scan-100' is 'scan 100'. */
function normal(name: string): string {
  return name.toLowerCase().replace(/[\s_()-]/g, "");
}

const units: Record<string, number> = {
  "": 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/** How many bytes a size is, such as 500KB or 1GiB; NaN if the text is none. */
export function bytesIn(text: string): number {
  const [, digits = "", unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([kmg]i?b)?\s*$/i.exec(text) ?? [];
  return Math.floor(Number(digits || Number.NaN) * units[unit.toLowerCase()]!);
}

/** Makes a parser of sizes from 1 byte to `most`. */
export function byteSize(most: number): (text: string) => number {
  return (text) => {
    const value = bytesIn(text);
    if (!(value >= 1 && value <= most)) {
      throw new InvalidArgumentError(
        `Pass a size of at most ${bytes(most)}, such as 64MiB or 1GiB.`,
      );
    }
    return value;
  };
}
