import { testDocExamples, testExamples } from "@tooling/vitest/readme";

testExamples(import.meta.url);
testExamples(import.meta.url, "../../../README.md");
testDocExamples(import.meta.url, "../src/masstree.ts", 'import { MassTree } from "masstree";');
testDocExamples(
  import.meta.url,
  "../../tree/src/ordered-map.ts",
  'import { MassTree } from "masstree"; const map = new MassTree<number>();',
);
testDocExamples(
  import.meta.url,
  "../src/compressed.ts",
  'import { compressed, MassTree } from "masstree";',
);
testDocExamples(
  import.meta.url,
  "../../session/src/trace.ts",
  'import { MassTree } from "masstree"; import { trace } from "masstree/trace";',
);
testDocExamples(
  import.meta.url,
  "../src/msgpack.ts",
  'import { MassTree } from "masstree"; import { msgpack } from "masstree/msgpack";',
);
