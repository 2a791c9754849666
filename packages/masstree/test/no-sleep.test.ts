// A thread that may not sleep, such as the main thread of a browser.
import { expect, test, vi } from "vitest";

test("waitForSync refuses, and waitFor waits", async () => {
  // Before any module asks, because the answer is kept.
  const wait = vi.spyOn(Atomics, "wait").mockImplementation(() => {
    throw new TypeError("Atomics.wait cannot be called in this context");
  });
  const { MassTree } = await import("../src/index.ts");
  const map = new MassTree<number>();
  expect(wait).toHaveBeenCalled();
  for (const key of ["there", "missing"]) {
    map.set("there", 1);
    const refused = () => map.waitForSync(key, { timeout: 5 });
    expect(refused).toThrow(expect.objectContaining({ code: "MASSTREE_UNSUPPORTED" }));
  }
  const later = map.waitFor("later", { timeout: 20_000 });
  map.set("later", 2);
  expect(await later).toBe(2);
  map.verify();
  map.close();
});
