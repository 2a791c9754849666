// What can be said of the checks without installing anything.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blocks, toProgram } from "@tooling/vitest/readme-blocks";
import typescript from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runOn } from "../src/checks.js";
import { present } from "../src/engines.js";
import { toCommonJs } from "../src/project.js";
import { page } from "../src/table.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "engines-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs an example of a README as CommonJS. */
function run(example: string): Promise<string | undefined> {
  const [block] = blocks(`\`\`\`ts\n${example}\n\`\`\`\n`);
  const esm = toProgram("ts", "", block!.code, typescript);
  writeFileSync(join(folder, "line-1.cjs"), toCommonJs(esm));
  writeFileSync(join(folder, "all.cjs"), '(async () => await require("./line-1.cjs"))();\n');
  return runOn(present, "all.cjs", { folder });
}

describe("an example as CommonJS", () => {
  const imports = [
    'import { deepEqual as equal } from "node:assert"; // with a comment',
    'import path from "node:path";',
    'import "node:timers"; // for what it does',
    'import * as url from "node:url";',
    "import {\n  inspect,\n  types,\n} from 'node:util';".replaceAll("'", '"'),
  ].join("\n");

  test("requires what it imported, awaits, and knows where it is", async () => {
    const rest = [
      'equal(path.basename(url.fileURLToPath(import.meta.url)), "line-1.cjs");',
      "const answer: number = await Promise.resolve(42); // => 42",
      'inspect(answer + 1); // => "43"',
      "types.isPromise(answer); // => false",
    ];
    expect(await run([imports, ...rest].join("\n"))).toBeUndefined();
  });

  test("fails if something is not as its comment says", async () => {
    expect(await run("1 + 1; // => 3")).toContain("AssertionError");
  });

  test("fails if what it imports is not there", async () => {
    expect(await run('import { a } from "no-such-package";\na();')).toContain("no-such-package");
  });
});

test("the table names what failed, and why", () => {
  const written = page([
    { name: "masstree", check: "esbuild", problem: undefined },
    { name: "masstree", check: "Node 9, import", problem: "status 1\nSyntaxError\nhere\nthere" },
    { name: "@masstree/key", check: "Node 9, import", problem: undefined },
  ]);
  expect(written.slice(written.indexOf("\n|") + 1)).toBe(
    [
      "|                | `key` | `masstree` |",
      "| -------------- | ----- | ---------- |",
      "| Node 9, import | yes   | no (1)     |",
      "| esbuild        |       | yes        |",
      "",
      "1. masstree, Node 9, import: status 1 SyntaxError here",
      "",
    ].join("\n"),
  );
});
