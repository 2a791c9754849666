// The build that bundlers for browsers choose, by the condition "browser".
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("programs/browser-build.mjs", import.meta.url));

test("works where threads tell of each other's ends by nothing but 'release'", async () => {
  const flags = ["--conditions=browser", program];
  expect((await promisify(execFile)(process.execPath, flags)).stdout).toBe("done\n");
});
