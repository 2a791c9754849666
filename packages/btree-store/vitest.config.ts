import { preset } from "@tooling/vitest";

export default preset({
  stressed: [
    "test/conformance.test.ts",
    "test/crash.test.ts",
    "test/dying-threads.test.ts",
    "test/explorer/explore.test.ts",
  ],
});
