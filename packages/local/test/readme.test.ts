import { testDocExamples, testExamples } from "@tooling/vitest/readme";

testExamples(import.meta.url);
testDocExamples(
  import.meta.url,
  "../src/local-masstree.ts",
  'import { LocalMassTree } from "@masstree/local";',
);
