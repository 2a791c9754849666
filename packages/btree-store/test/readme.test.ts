import { rmSync } from "node:fs";
import { testDocExamples, testExamples } from "@tooling/vitest/readme";
import { afterAll, beforeAll } from "vitest";

testExamples(import.meta.url);
testDocExamples(
  import.meta.url,
  "../src/bucket.ts",
  'import { bucket } from "@masstree/btree-store";',
);

// The examples' stores, which they make where they run.
const clean = () => {
  for (const name of ["data", "shared", "scores", "counts"]) {
    for (const end of ["", ".lock-1"]) rmSync(`${name}.db${end}`, { force: true });
  }
};
beforeAll(clean);
afterAll(clean);
