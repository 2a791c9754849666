import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("maps dropped without close give back their participants and their memory", async () => {
  const program = fileURLToPath(new URL("programs/dropped-maps.js", import.meta.url));
  const node = promisify(execFile)(process.execPath, ["--expose-gc", program]);
  expect((await node).stdout).toBe("done");
});
