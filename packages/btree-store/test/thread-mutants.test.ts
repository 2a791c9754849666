// Mistakes planted in what threads share: each is caught by what threads have to survive. Some of them, drawn by the
// seed; thread-mutants.stress.ts hunts all.
import { random } from "@tooling/vitest/random";
import { afterAll, expect, test } from "vitest";
import { readPackage } from "./support/package-text.ts";
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
  for (const { name, replace } of threadMutants) {
    let text = source;
    for (const [from, to] of replace) {
      expect(text.split(from).length, name).toBe(2);
      text = text.replace(from, () => to);
    }
  }
});
