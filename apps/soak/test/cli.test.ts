import { execFile, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

// Each slice starts threads, so it takes much longer while other packages are being tested.
test("the built program runs a slice of every part", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [cli, "--slices", "4"]);
  for (const part of ["deaths", "histories", "fuzz", "oracle"]) {
    expect(stdout).toMatch(new RegExp(`\\d s +${part}: `));
  }
  expect(stdout).toMatch(/threads ended +40\n/);
  expect(stdout).toMatch(/fuzz sequences +501\n/);
}, 240_000);

test("Ctrl-C ends the program in the middle of a slice, with status 130 and a report", async () => {
  const child = spawn(process.execPath, [cli, "--only", "oracle"]);
  let said = "";
  const hear = (text: string) => {
    said += text;
    if (said.startsWith("seed")) child.kill("SIGINT");
  };
  child.stdout.setEncoding("utf8").on("data", hear);
  child.stderr.setEncoding("utf8").on("data", hear);
  const ended = await new Promise((resolve) => {
    child.once("close", (status, signal) => resolve({ status, signal }));
  });
  expect(ended).toEqual({ status: 130, signal: null });
  expect(said).toMatch(/^seed \d+, .*\nhistories checked +0 (.*\n){5}time +\d+ s\n$/);
});
