// Runs in every test process before its tests.
import fc from "fast-check";
import { expect } from "vitest";
import { runs, seed } from "./random.js";

fc.configureGlobal({ seed, numRuns: runs(100) });

// Equal bytes are told at once: `expect` looks at them one by one, and takes longer for 100 KB than most
// tests for all that they do. Whatever is not of the same class, or differs, is left to it.
expect.addEqualityTesters([
  (a, b) =>
    a instanceof Uint8Array &&
    b instanceof Uint8Array &&
    Object.getPrototypeOf(a) === Object.getPrototypeOf(b) &&
    Buffer.compare(a, b) === 0
      ? true
      : undefined,
]);
