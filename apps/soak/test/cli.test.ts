import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

test("the program as built runs a slice of every part", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [cli, "--slices", "4"]);
  for (const part of ["deaths", "histories", "fuzz", "oracle"]) {
    expect(stdout).toMatch(new RegExp(`\\d s +${part}: `));
  }
  expect(stdout).toMatch(/threads ended +40\n/);
  expect(stdout).toMatch(/fuzz sequences +501\n/);
});
