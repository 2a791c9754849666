// Mistakes planted in the built package: each is caught by what a store has to survive.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { random } from "@tooling/vitest/random";
import { afterAll, expect, test } from "vitest";
import type { StoreClass } from "./support/crashes.ts";
import { runGauntlet } from "./support/gauntlet.ts";
import { mutants } from "./support/mutants.ts";
import { readPackage } from "./support/package-text.ts";

// Within the package, so that its dependencies resolve.
const folder = fileURLToPath(new URL("../reports/mutants/", import.meta.url));
const source = readPackage();

async function load(name: string, text: string): Promise<StoreClass> {
  mkdirSync(folder, { recursive: true });
  const file = `${folder}${name.replace(/\W+/g, "-")}.mjs`;
  writeFileSync(file, text);
  const module = (await import(pathToFileURL(file).href)) as { BTreeStore: StoreClass };
  return module.BTreeStore;
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the package as it is survives", async () => {
  runGauntlet(await load("none", source), random(1));
});

test.each(mutants)("$name", async ({ name, replace }) => {
  let text = source;
  for (const [from, to] of replace) {
    // A mutant whose place has changed must not count as caught.
    expect(text.split(from).length, `places of: ${from}`).toBe(2);
    text = text.replace(from, () => to);
  }
  const Mutant = await load(name, text);
  let finding: unknown;
  try {
    runGauntlet(Mutant, random(2));
  } catch (error) {
    finding = error;
  }
  expect(finding, "nobody has noticed").toBeDefined();
});
