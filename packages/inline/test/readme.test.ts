import { testDocExamples, testExamples } from "@tooling/vitest/readme";

testExamples(import.meta.url);
testDocExamples(
  import.meta.url,
  "../src/masstree-inline.ts",
  'import { MassTreeInline } from "@masstree/inline";',
);
const saving =
  'import { MassTreeInline } from "@masstree/inline"; import { load, save } from "@masstree/inline/node"; const map = new MassTreeInline();';
testDocExamples(import.meta.url, "../../tree/src/save/save.ts", saving);
testDocExamples(import.meta.url, "../../tree/src/save/load.ts", saving);
testDocExamples(import.meta.url, "../../tree/src/node.ts", saving);
testDocExamples(
  import.meta.url,
  "../src/masstree-set.ts",
  'import { MassTreeSet } from "@masstree/inline";',
);
testDocExamples(
  import.meta.url,
  "../src/ordered-set.ts",
  'import { MassTreeSet } from "@masstree/inline";',
);
