// What this package takes of Node where it is there, and does without where it is not.
import { afterEach, expect, test, vi } from "vitest";
import { findNode } from "../src/thread-ends/node-parts.ts";

afterEach(() => vi.restoreAllMocks());

test("an engine that throws for what it lacks of Node is not Node", () => {
  expect(findNode()).not.toBe(undefined);
  vi.spyOn(process, "getBuiltinModule").mockImplementation(() => {
    throw new Error("not here");
  });
  expect(findNode()).toBe(undefined);
});
