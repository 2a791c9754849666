// The README's examples run; so does its catalog, by the command line in a workspace of its own.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { testExamples } from "@tooling/vitest/readme";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

testExamples(import.meta.url);

describe("the README's catalog", () => {
  const workspace = realpathSync(mkdtempSync(join(tmpdir(), "example-")));
  const cli = fileURLToPath(new URL("../dist/cli/cli.js", import.meta.url));

  beforeAll(() => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    write("pnpm-workspace.yaml", "packages: [examples/*]\n");
    write("examples/counter/package.json", `{ "name": "counter" }\n`);
    for (const [, path, code] of readme.matchAll(/^```ts[^\n]*\n\/\/ (test\/\S+)\n(.*?)^```$/gms)) {
      write(join("examples/counter", path!), code!);
    }
  });
  afterAll(() => rmSync(workspace, { recursive: true }));

  function write(name: string, text: string): void {
    const path = join(workspace, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  test.each([
    ["explore --budget quick", /^counter: 2 programs, [\d,]+ schedules, .* 0 findings\n/],
    ["mutants --budget quick", /^caught {4}adds in two steps \(.*\ncaught 1 of 1\n$/s],
    ["crashes", /^counter: one death: next \| next: all 2 crash points, /],
  ])("%s", async (line, outcome) => {
    const args = [cli, ...line.split(" ")];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: workspace });
    expect(stdout).toMatch(outcome);
  });
});
