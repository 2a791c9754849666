// Generated mutants that a program is known to catch soon: as many as the time of a test run allows, drawn with the
// seed. `npm run mutants -- --generated` draws from all, and hunts them with everything there is.
import { fileURLToPath } from "node:url";
import {
  type Candidate,
  candidatesOf,
  corePackages,
  coreWith,
  Explorer,
  keyOf,
  reasonsFor,
} from "@tooling/interleave";
import { random } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { targets as epochTargets } from "../../../epoch/test/explorer/catalog.ts";
import { targets as versionTargets } from "../../../nodeversion/test/explorer/catalog.ts";
import { targets as treeTargets } from "./catalog.ts";
import { caughtMutants } from "./caught-mutants.ts";
import { equivalentMutants } from "./equivalent-mutants.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const candidates: readonly Candidate[] = candidatesOf(root, corePackages);
const targets = [...versionTargets, ...epochTargets, ...treeTargets];

const draw = random(17);
const drawn = caughtMutants
  .map((mutant) => ({ mutant, at: draw() }))
  .sort((one, other) => one.at - other.at)
  .slice(0, 20)
  .map(({ mutant }) => mutant);

describe("a generated mutant is caught:", () => {
  test.each(drawn)("$operator, in $file: $target", async (mutant) => {
    const target = targets.find(({ name }) => name === mutant.target)!;
    const program = target.programs().find(({ name }) => name === mutant.program)!;
    const explorer = new Explorer(await coreWith(target, [mutant]), program);
    const { finding } = explorer.explore({
      kind: "exhaustive",
      preemptions: 1,
      schedules: 3000,
    });
    expect(finding).toBeDefined();
  });
});

test("the mutants that are known to be caught are ones of the sources as they are now", () => {
  const keys = new Set(candidates.map(({ edit }) => keyOf(edit)));
  expect(caughtMutants.filter((mutant) => !keys.has(keyOf(mutant)))).toEqual([]);
});

test("so are those that are known to be equivalent, each with its reason", () => {
  expect(reasonsFor(equivalentMutants, candidates).size).toBe(equivalentMutants.length);
});
