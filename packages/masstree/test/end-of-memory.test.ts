// Where 32 bits end, and where the memory does: a node's address and its length together are beyond both.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("programs/end-of-memory.mjs", import.meta.url));

/** In a process of its own: a search that never ends could not be interrupted here. */
async function run(...args: number[]): Promise<string> {
  const node = promisify(execFile)(process.execPath, [program, ...args.map(String)], {
    timeout: 250_000,
  });
  return (await node).stdout.trim();
}

const GIBS_4 = 65_536;
const MIBS_32 = 512;

test.each([
  [15, GIBS_4, 8],
  [24, GIBS_4, 8],
  [15, MIBS_32, 32],
  [24, MIBS_32, 31],
  [24, MIBS_32, 32],
  [24, MIBS_32, 33],
])(
  "nodes of width %i in the last bytes of %i pages work, %i slabs from the end",
  async (...args) => {
    expect(await run(...args)).toBe("done");
  },
);
