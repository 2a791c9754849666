import { oldEngine } from "@tooling/vitest/old-engine";
import { expect, test } from "vitest";
import { makeUsable, type Usable } from "../src/lifetime.ts";

class Thing {
  closed = 0;

  close(): void {
    this.closed++;
  }

  static {
    makeUsable(Thing.prototype, (thing) => thing.close());
  }
}

test("`using` closes an object through a member that is not enumerable", () => {
  const thing = new Thing() as Thing & Usable;
  {
    using _held = thing;
    expect(thing.closed).toBe(0);
  }
  expect(thing.closed).toBe(1);
  expect(Object.keys(Thing.prototype)).toEqual([]);
});

test("without Symbol.dispose, the method has the name that compiled `using` looks for", () => {
  const built = JSON.stringify(new URL("../dist/lifetime.js", import.meta.url).href);
  const program = `
    const { makeUsable } = await import(${built});
    class Thing {}
    makeUsable(Thing.prototype, (thing) => console.log(thing instanceof Thing));
    new Thing()[Symbol.for("Symbol.dispose")]();
    console.log(Object.getOwnPropertyNames(Thing.prototype).includes("undefined"));
  `;
  expect(oldEngine(program)).toEqual({ status: 0, stderr: "", stdout: "true\nfalse\n" });
});
