import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { Mutant } from "./mutants.ts";

const dist = new URL("../../dist/", import.meta.url);

/** The code of the built package: the chunk that has the store. It imports others from where they are. */
export function readPackage(): string {
  const chunks = readdirSync(fileURLToPath(dist))
    .filter((name) => /^chunk-\w+\.js$/.test(name))
    .map((name) => readFileSync(new URL(name, dist), "utf8"))
    .filter((text) => text.includes("var BTreeStore = class"));
  expect(chunks.length).toBe(1);
  return chunks[0]!
    .replace(/^\/\/# sourceMappingURL.*$/m, "")
    .replaceAll('"./chunk-', `"${dist.href}chunk-`);
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
