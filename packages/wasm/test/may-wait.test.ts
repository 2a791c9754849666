import { beforeEach, expect, test, vi } from "vitest";

beforeEach(() => {
  vi.resetModules();
  return () => vi.restoreAllMocks();
});

test("Node may wait, even on its main thread", async () => {
  const { mayWait } = await import("../src/index.ts");
  expect(mayWait()).toBe(true);
});

test("if Atomics.wait throws, mayWait returns false, and asks the engine only once", async () => {
  const wait = vi.spyOn(Atomics, "wait").mockImplementation(() => {
    throw new TypeError("Atomics.wait cannot be called in this context");
  });
  const { mayWait } = await import("../src/index.ts");
  expect(mayWait()).toBe(false);
  expect(mayWait()).toBe(false);
  expect(wait).toHaveBeenCalledTimes(1);
});
