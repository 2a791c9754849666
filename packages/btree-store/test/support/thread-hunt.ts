// Plants mistakes in what threads share, and lets what threads have to survive catch them.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { random } from "@tooling/vitest/random";
import { expect } from "vitest";
import type { StoreClass } from "./crashes.ts";
import { plant, readPackage } from "./package-text.ts";
import { exploreDeaths, exploreHistories, exploreReading } from "./thread-gauntlet.ts";
import type { ThreadMutant } from "./thread-mutants.ts";

// Within the package, so that its dependencies resolve.
const folder = fileURLToPath(new URL("../../reports/thread-mutants/", import.meta.url));
const source = readPackage();

/** Histories are drawn, and threads run as they like: a mistake may take several tries to show. */
const TRIES = 6;

async function load(name: string, text: string): Promise<[StoreClass, string]> {
  mkdirSync(folder, { recursive: true });
  const { href } = pathToFileURL(`${folder}${name.replace(/\W+/g, "-")}.mjs`);
  writeFileSync(new URL(href), text);
  const module = (await import(href)) as { BTreeStore: StoreClass };
  return [module.BTreeStore, href];
}

const plan = (seed: number) => ({
  threads: 3,
  steps: 120,
  random: random(seed),
  keys: 300,
  snapshots: seed % 2 === 0,
});

/** Removes what was written for the mutants. */
export function clean(): void {
  rmSync(folder, { recursive: true, force: true });
}

/** The package as it is has to survive. */
export async function survive(): Promise<void> {
  const [StoreOf, url] = await load("none", source);
  await exploreHistories(StoreOf, url, plan(1));
}

/** A mistake has to be caught. */
export async function mustBeCaught(mutant: ThreadMutant): Promise<void> {
  const { name, by } = mutant;
  const [Mutant, url] = await load(name, plant(source, mutant));
  let finding: unknown;
  for (let i = 0; i < (by === "histories" ? TRIES : 1) && finding === undefined; i++) {
    try {
      if (by === "histories") await exploreHistories(Mutant, url, plan(i + 2));
      if (by === "reading") await exploreReading(Mutant, url);
      if (by === "deaths") await exploreDeaths(Mutant, url, "sync");
    } catch (error) {
      finding = error;
    }
  }
  expect(finding, "nobody has noticed").toBeDefined();
}
