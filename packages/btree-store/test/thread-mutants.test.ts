// Mistakes planted in what threads share: each is caught by what threads have to survive.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { random } from "@tooling/vitest/random";
import { afterAll, expect, test } from "vitest";
import type { StoreClass } from "./support/crashes.ts";
import { readPackage } from "./support/package-text.ts";
import { exploreDeaths, exploreHistories, exploreReading } from "./support/thread-gauntlet.ts";
import { threadMutants } from "./support/thread-mutants.ts";

// Within the package, so that its dependencies resolve.
const folder = fileURLToPath(new URL("../reports/thread-mutants/", import.meta.url));
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

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the package as it is survives", async () => {
  const [StoreOf, url] = await load("none", source);
  await exploreHistories(StoreOf, url, plan(1));
}, 120_000);

test.each(threadMutants)(
  "$name",
  async ({ name, by, replace }) => {
    let text = source;
    for (const [from, to] of replace) {
      // A mutant whose place has changed must not count as caught.
      expect(text.split(from).length, `places of: ${from}`).toBe(2);
      text = text.replace(from, () => to);
    }
    const [Mutant, url] = await load(name, text);
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
  },
  240_000,
);
