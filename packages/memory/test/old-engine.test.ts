// An engine of before `using`: the built package is loaded with a Symbol that has no dispose.
import { oldEngine } from "@tooling/vitest/old-engine";
import { expect, test } from "vitest";

const built = JSON.stringify(new URL("../dist/index.js", import.meta.url).href);

test("a region closes under the name by which compilers of `using` look for it", () => {
  const program = `
    const { Region } = await import(${built});
    const region = Region.create({ maxBytes: 2 ** 20 });
    region[Symbol.for("Symbol.dispose")]();
    try {
      region.allocate(64);
    } catch ({ code }) {
      console.log(code);
    }
    console.log(Object.getOwnPropertyNames(Region.prototype).includes("undefined"));
  `;
  expect(oldEngine(program)).toEqual({ status: 0, stderr: "", stdout: "MASSTREE_CLOSED\nfalse\n" });
});
