// The code for width 24, which is loaded on demand: in processes of their own, because here it is loaded for good.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("programs/width-24.mjs", import.meta.url));

test.each(["masstree/24", "@masstree/inline/24", "@masstree/local/24"])(
  "a thread that has not imported %s is told to, and then opens maps of width 24",
  async (entry) => {
    const { stdout } = await promisify(execFile)(process.execPath, [program, entry]);
    expect(stdout).toBe("done\n");
  },
);
