import { testDocExamples, testExamples } from "@tooling/vitest/readme";

testExamples(import.meta.url);
for (const [source, names] of [
  ["date", "date"],
  ["uuid", "uuid"],
  ["descending", "date, descending"],
  ["tuple", "list, tuple"],
  ["mixed", "mixed"],
  ["own", "keyCodec"],
]) {
  testDocExamples(
    import.meta.url,
    `../src/${source}.ts`,
    `import { MAX_KEY_BYTES, ${names} } from "@masstree/key";`,
  );
}
