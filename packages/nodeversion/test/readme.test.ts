import { testExamples } from "@tooling/vitest/readme";

testExamples(import.meta.url);
