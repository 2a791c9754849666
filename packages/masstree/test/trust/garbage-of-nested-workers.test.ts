import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const program = fileURLToPath(
  new URL("../programs/garbage-of-nested-workers.mjs", import.meta.url),
);

test("a worker's worker that ends in an operation keeps no memory from being freed", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 250_000 });
  expect(stdout).toBe("2 1 true");
});
