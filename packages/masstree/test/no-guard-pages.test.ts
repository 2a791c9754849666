// Where the engine has no guard pages behind a memory, each access is compared with the size that the
// instance knows.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("programs/no-guard-pages.mjs", import.meta.url));

test("memory that another thread has just added can be accessed without guard pages", async () => {
  const args = ["--disable-wasm-trap-handler", program, "2"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 250_000 });
  expect(stdout.trim()).toBe("done");
});
