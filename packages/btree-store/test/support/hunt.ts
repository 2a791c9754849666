// Plants mistakes in the built package, and lets what a store has to survive catch them.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { random } from "@tooling/vitest/random";
import { expect } from "vitest";
import type { StoreClass } from "./crashes.ts";
import { runGauntlet } from "./gauntlet.ts";
import type { Mutant } from "./mutants.ts";
import { plant, readPackage } from "./package-text.ts";

// Within the package, so that its dependencies resolve.
const folder = fileURLToPath(new URL("../../reports/mutants/", import.meta.url));
const source = readPackage();

async function load(name: string, text: string): Promise<StoreClass> {
  mkdirSync(folder, { recursive: true });
  const file = `${folder}${name.replace(/\W+/g, "-")}.mjs`;
  writeFileSync(file, text);
  const module = (await import(pathToFileURL(file).href)) as { BTreeStore: StoreClass };
  return module.BTreeStore;
}

/** Removes what was written for the mutants. */
export function clean(): void {
  rmSync(folder, { recursive: true, force: true });
}

/** The package as it is has to survive. */
export async function survive(): Promise<void> {
  runGauntlet(await load("none", source), random(1));
}

/** A mistake has to be caught. */
export async function mustBeCaught(mutant: Mutant): Promise<void> {
  const Mutant = await load(mutant.name, plant(source, mutant));
  let finding: unknown;
  try {
    runGauntlet(Mutant, random(2));
  } catch (error) {
    finding = error;
  }
  expect(finding, "nobody has noticed").toBeDefined();
}
