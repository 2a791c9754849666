import { testDocExamples, testExamples } from "@tooling/vitest/readme";

testExamples(import.meta.url);
testExamples(import.meta.url, "../../../README.md");
testDocExamples(import.meta.url, "../src/masstree.ts", 'import { MassTree } from "masstree";');
testDocExamples(
  import.meta.url,
  "../../tree/src/ordered-map.ts",
  'import { MassTree } from "masstree"; const map = new MassTree<number>();',
);
