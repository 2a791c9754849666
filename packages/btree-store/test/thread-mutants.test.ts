// Mistakes planted in what threads share: each is caught by what threads have to survive. Some of them, drawn by the
// seed; thread-mutants.stress.ts hunts all.
import { random } from "@tooling/vitest/random";
import { afterAll, test } from "vitest";
import { plant, readPackage } from "./support/package-text.ts";
import { clean, mustBeCaught, survive } from "./support/thread-hunt.ts";
import { threadMutants } from "./support/thread-mutants.ts";

/** Every fourth is hunted. */
const SHARE = 4;
const first = Math.floor(random(4)() * SHARE);
const drawn = threadMutants.filter((_, i) => i % SHARE === first);

afterAll(clean);

test("the package as it is survives", survive, 120_000);

test.each(drawn)("$name", mustBeCaught, 240_000);

test("each mistake has its places in the package as it is now", () => {
  const source = readPackage();
  for (const mutant of threadMutants) plant(source, mutant);
});
