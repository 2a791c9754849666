// An engine of before `using`: the built package is loaded with a Symbol that has no dispose.
import { oldEngine } from "@tooling/vitest/old-engine";
import { expect, test } from "vitest";

const built = JSON.stringify(new URL("../dist/index.js", import.meta.url).href);

test("a participant leaves under the name by which compilers of `using` look for it", () => {
  const program = `
    const { Region } = await import("@masstree/memory");
    const { Epochs, EpochParticipant } = await import(${built});
    const me = new Epochs(Region.create({ maxBytes: 2 ** 20 }).memory).join();
    me[Symbol.for("Symbol.dispose")]();
    try {
      me.pin();
    } catch ({ code }) {
      console.log(code);
    }
    console.log(Object.getOwnPropertyNames(EpochParticipant.prototype).includes("undefined"));
  `;
  expect(oldEngine(program)).toEqual({ status: 0, stderr: "", stdout: "MASSTREE_CLOSED\nfalse\n" });
});
