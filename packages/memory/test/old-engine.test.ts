// An engine of before `using`: the built package is loaded with a Symbol that has no dispose.
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const built = JSON.stringify(new URL("../dist/index.js", import.meta.url).href);

const withoutDispose = `
  const { dispose, ...others } = Object.getOwnPropertyDescriptors(Symbol);
  const symbol = Symbol;
  globalThis.Symbol = Object.defineProperties((description) => symbol(description), others);
  if (Symbol.dispose !== undefined) throw new Error("it is still there");
`;

function run(program: string) {
  const args = ["--input-type=module", "--eval", withoutDispose + program];
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  return { status, stderr, stdout };
}

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
  expect(run(program)).toEqual({ status: 0, stderr: "", stdout: "MASSTREE_CLOSED\nfalse\n" });
});
