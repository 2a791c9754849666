// Runs in every test process, before its tests.
import fc from "fast-check";
import { expect } from "vitest";
import { runs, seed } from "./random.js";

fc.configureGlobal({ seed, numRuns: runs(100) });

// Recognises equal byte arrays at once. `expect` compares them byte by byte, which for 100 KB takes
// longer than most tests do. Arrays of different classes or contents are left to `expect`.
expect.addEqualityTesters([
  (a, b) =>
    a instanceof Uint8Array &&
    b instanceof Uint8Array &&
    Object.getPrototypeOf(a) === Object.getPrototypeOf(b) &&
    Buffer.compare(a, b) === 0
      ? true
      : undefined,
]);
