import { afterEach, expect, test, vi } from "vitest";
import { nodeBuiltin } from "../src/node-builtin.ts";

afterEach(() => vi.restoreAllMocks());

test("a module of Node's is found by its name", () => {
  expect(nodeBuiltin("node:fs")).toHaveProperty("existsSync");
  expect(nodeBuiltin("node:none")).toBe(undefined);
});

test("an engine that throws for what it lacks of Node has none", () => {
  vi.spyOn(process, "getBuiltinModule").mockImplementation(() => {
    throw new Error("not here");
  });
  expect(nodeBuiltin("node:fs")).toBe(undefined);
});
