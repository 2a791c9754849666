import { readdirSync, rmSync } from "node:fs";
import { testDocExamples, testExamples } from "@tooling/vitest/readme";
import { afterAll, beforeAll } from "vitest";

testExamples(import.meta.url);
testDocExamples(
  import.meta.url,
  "../src/bucket.ts",
  'import { bucket } from "@masstree/btree-store";',
);

testDocExamples(import.meta.url, "../src/store.ts", "");
testDocExamples(import.meta.url, "../src/read-transaction.ts", "");

// The examples' stores, which they make where they run.
const clean = () => {
  for (const name of readdirSync(".")) {
    if (/\.db(\.lock-\d+)?$/.test(name)) rmSync(name);
  }
};
beforeAll(clean);
afterAll(clean);
