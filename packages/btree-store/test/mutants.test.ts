// Mistakes planted in the built package: each is caught by what a store has to survive. Some of them, drawn by the seed;
// mutants.stress.ts hunts all.
import { random } from "@tooling/vitest/random";
import { afterAll, test } from "vitest";
import { clean, mustBeCaught, survive } from "./support/hunt.ts";
import { mutants } from "./support/mutants.ts";
import { plant, readPackage } from "./support/package-text.ts";

/** One in so many is hunted. */
const SHARE = 8;
const first = Math.floor(random(5)() * SHARE);
const drawn = mutants.filter((_, i) => i % SHARE === first);

afterAll(clean);

test("the package as it is survives", survive);

test.each(drawn)("$name", mustBeCaught);

test("each mistake has its places in the package as it is now", () => {
  const source = readPackage();
  for (const mutant of mutants) plant(source, mutant);
});
