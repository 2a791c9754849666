import { testDocExamples, testExamples } from "@tooling/vitest/readme";

testExamples(import.meta.url);
testDocExamples(
  import.meta.url,
  "../src/masstree-inline.ts",
  'import { MassTreeInline } from "@masstree/inline";',
);
testDocExamples(
  import.meta.url,
  "../src/masstree-set.ts",
  'import { MassTreeSet } from "@masstree/inline";',
);
