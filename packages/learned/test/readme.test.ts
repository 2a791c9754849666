import { testDocExamples, testExamples } from "@tooling/vitest/readme";

testExamples(import.meta.url);
testDocExamples(
  import.meta.url,
  "../src/learned-map.ts",
  'import { LearnedMap } from "@masstree/learned";',
);
