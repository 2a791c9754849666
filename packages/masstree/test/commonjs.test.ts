// The package is ESM; CommonJS gets at it by `require`, where Node can, and by `import()`.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const built = new URL("../dist/index.js", import.meta.url);

test.each([
  ["require", `const { MassTree } = require(${JSON.stringify(fileURLToPath(built))});`],
  ["import()", `const { MassTree } = await import(${JSON.stringify(built.href)});`],
])("CommonJS takes the package by %s", (_, take) => {
  const program = `(async () => { ${take} console.log(new MassTree().set("a", 1).get("a")); })();`;
  const args = ["--input-type=commonjs", "--eval", program];
  expect(execFileSync(process.execPath, args, { encoding: "utf8" })).toBe("1\n");
});
