// The README's examples run, and what it shows of the sources is in them.
import { testExamples, testExcerpts } from "@tooling/vitest/readme";

testExamples(import.meta.url);
testExcerpts(import.meta.url);
