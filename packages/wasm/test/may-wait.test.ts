import { beforeEach, expect, test, vi } from "vitest";

beforeEach(() => {
  vi.resetModules();
  return () => vi.restoreAllMocks();
});

test("Node may wait, on its main thread too", async () => {
  const { mayWait } = await import("../src/index.ts");
  expect(mayWait()).toBe(true);
});

test("where waiting throws, the answer is no, and it is asked once", async () => {
  const wait = vi.spyOn(Atomics, "wait").mockImplementation(() => {
    throw new TypeError("Atomics.wait cannot be called in this context");
  });
  const { mayWait } = await import("../src/index.ts");
  expect(mayWait()).toBe(false);
  expect(mayWait()).toBe(false);
  expect(wait).toHaveBeenCalledTimes(1);
});
