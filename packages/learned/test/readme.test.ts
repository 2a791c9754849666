import { testDocExamples, testExamples } from "@tooling/vitest/readme";

testExamples(import.meta.url);
testDocExamples(
  import.meta.url,
  "../src/learned-map.ts",
  'import { LearnedMap } from "@masstree/learned";',
);
testDocExamples(
  import.meta.url,
  "../src/learned-set.ts",
  'import { LearnedSet } from "@masstree/learned";',
);
