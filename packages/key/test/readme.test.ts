// Runs the README's examples as a user would: in a fresh Node, on the built package. A line
// `expression; // => value` asserts that they are deeply equal.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import ts from "typescript";
import { expect, test } from "vitest";

const directory = fileURLToPath(new URL("..", import.meta.url));
const readme = await readFile(`${directory}README.md`, "utf8");
const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, source]) => source!);

test.each(examples)("example %# of the README", async (example) => {
  const checked = example.replace(/^(\S.*);\s+\/\/ => (.*)$/gm, "assert.deepStrictEqual($1, $2);");
  expect(checked).not.toBe(example);
  const { outputText } = ts.transpileModule(
    `import assert from "node:assert/strict";\n${checked}\nconsole.log("ran");`,
    { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } },
  );
  const node = promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", outputText],
    { cwd: directory },
  );
  expect((await node).stdout).toMatch(/ran\n$/);
});
