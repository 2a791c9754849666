import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { Mutant } from "./mutants.ts";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

/** The code of the built package: the chunk that it shares with the command. */
export function readPackage(): string {
  const index = readFileSync(`${dist}index.js`, "utf8");
  const chunk = /from "\.\/(chunk-\w+\.js)"/.exec(index)![1]!;
  return readFileSync(`${dist}${chunk}`, "utf8").replace(/^\/\/# sourceMappingURL.*$/m, "");
}

/** The code with the texts of a planted mistake replaced, one after the other: each has to be there once. */
export function plant(source: string, { name, replace }: Mutant): string {
  let text = source;
  for (const [from, to] of replace) {
    // A mutant whose place has changed must not count as caught.
    expect(text.split(from).length, `${name}: places of ${from}`).toBe(2);
    text = text.replace(from, () => to);
  }
  return text;
}
