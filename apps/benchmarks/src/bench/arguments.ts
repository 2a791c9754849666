// Parses the arguments of `bench`. The messages say what is allowed.
import { InvalidArgumentError } from "commander";
import { names } from "../arguments.ts";
import { count } from "../format.ts";
import { FILE_PREFIX, keyKinds } from "./keys/kinds.ts";
import { workloadNames } from "./workloads.ts";

/** Arrays of more keys than this would no longer be flat in the engine. */
export const MOST_KEYS = 32_000_000;

const factors: Readonly<Record<string, number>> = { "": 1, K: 1e3, M: 1e6 };

/** Parses sizes such as `1K,200K,20M` or `1_000_000`. They come out in ascending order. */
export function sizes(text: string): number[] {
  const values = text.split(",").map((part) => {
    const [, digits, factor] = /^\s*(\d[\d_]*(?:\.\d+)?)([KM]?)\s*$/i.exec(part) ?? [];
    if (digits === undefined) return Number.NaN;
    return Number(digits.replaceAll("_", "")) * factors[factor!.toUpperCase()]!;
  });
  if (!values.every((value) => Number.isInteger(value) && value >= 2 && value <= MOST_KEYS)) {
    throw new InvalidArgumentError(
      `Pass numbers of entries from 2 to ${count(MOST_KEYS)}, separated by commas, such as 1K,200K,20M.`,
    );
  }
  return [...new Set(values)].sort((a, b) => a - b);
}

/** Makes a parser of kinds of keys; `file:PATH` takes the rest of the argument, commas included. */
export function kindsOfKeys(): (text: string) => string[] {
  const all = keyKinds.map(({ name }) => name);
  let given: string[] = [];
  return (text) => {
    if (text === FILE_PREFIX) {
      throw new InvalidArgumentError(
        `Pass a path after '${FILE_PREFIX}', such as ${FILE_PREFIX}words.txt.`,
      );
    }
    const more = text.startsWith(FILE_PREFIX) ? [text] : text === "all" ? all : names(all)(text);
    given = [...new Set([...given, ...more])];
    return given;
  };
}

/** Parses names of workloads; `all` is every one, `ycsb` all of YCSB's. */
export function workloadList(): (text: string) => string[] {
  const parse = names(workloadNames);
  return (text) => {
    const parts = text.split(",").flatMap((part) => {
      const wanted = part.trim().toLowerCase();
      if (wanted === "all") return workloadNames;
      return wanted === "ycsb" ? workloadNames.filter((name) => name.startsWith("ycsb-")) : [part];
    });
    return parse(parts.join(","));
  };
}
