import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const program = fileURLToPath(new URL("../programs/lock-of-the-dead.mjs", import.meta.url));

it.runIf(process.platform === "linux")(
  "a thread whose event loop stands still takes the region's lock over from one that has ended",
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 250_000 });
    expect(stdout).toBe("went on with 100000");
  },
);
