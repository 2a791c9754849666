// Runs the examples of a README, so that what a stranger copies works.
//
// Every ```ts block is a program, which Node runs in a process of its own and which imports the
// package by its name, as built. In it
//
//   expression; // => value              asserts that the two are deeply equal
//   const name = expression; // => value   asserts so of the constant
//
// A block whose first line is `// name.js` is saved under that name beside the others, for
// `new URL("./name.js", import.meta.url)`. Of these only `// main.js` is run.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

export function testExamples(testFile, document = "../README.md") {
  const path = fileURLToPath(new URL(document, testFile));
  // Below the package, so that its own name and its dependencies resolve.
  const folder = fileURLToPath(new URL("../reports/examples", testFile));
  const typescript = createRequire(testFile)("typescript");
  mkdirSync(folder, { recursive: true });

  const programs = [];
  for (const { line, code } of blocks(readFileSync(path, "utf8"))) {
    const name = /^\/\/ ([\w-]+\.js)\n/.exec(code)?.[1];
    const file = join(folder, name ?? `${basename(path, ".md")}-${line}.js`);
    writeFileSync(file, toProgram(code, typescript));
    if (name === undefined || name === "main.js") programs.push({ line, file });
  }
  describe(`examples of ${basename(path)}`, () => {
    test("there are some", () => expect(programs).not.toEqual([]));
    test.each(programs)("line $line", async ({ file }) => {
      expect(await run(file)).toEqual({ status: 0, stderr: "" });
    });
  });
}

function blocks(markdown) {
  return [...markdown.matchAll(/^```ts\n(.*?)^```$/gms)].map(({ index, 1: code }) => ({
    line: markdown.slice(0, index).split("\n").length,
    code,
  }));
}

function toProgram(code, { transpileModule, ModuleKind, ScriptTarget }) {
  const asserted = code
    .replace(/^(\s*const (\w+)\b.*;) \/\/ => (.*)$/gm, "$1 __assert.deepEqual($2, $3);")
    .replace(/^(\s*)(\S.*); \/\/ => (.*)$/gm, "$1__assert.deepEqual($2, $3);");
  const { outputText } = transpileModule(asserted, {
    compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 },
  });
  return `import __assert from "node:assert/strict";\n${outputText}`;
}

function run(file) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file], { stdio: ["ignore", "inherit", "pipe"] });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    child.once("error", reject);
    child.once("close", (status, signal) => resolve({ status: status ?? signal, stderr }));
  });
}
