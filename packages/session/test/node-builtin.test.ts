// What this package takes of Node where it is there, and does without where it is not.
import { afterEach, expect, test, vi } from "vitest";
import { nodeBuiltin } from "../src/thread-ends/node-builtin.ts";
import { findNode } from "../src/thread-ends/node-parts.ts";

afterEach(() => vi.restoreAllMocks());

test("a module of Node's is found by its name", () => {
  expect(nodeBuiltin("node:fs")).toHaveProperty("existsSync");
  expect(nodeBuiltin("node:none")).toBe(undefined);
});

test("an engine that throws for what it lacks of Node is not Node", () => {
  vi.spyOn(process, "getBuiltinModule").mockImplementation(() => {
    throw new Error("not here");
  });
  expect(nodeBuiltin("node:fs")).toBe(undefined);
  expect(findNode()).toBe(undefined);
});
