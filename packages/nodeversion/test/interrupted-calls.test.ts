// Calls that the engine interrupts, in a thread that lives on.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("programs/interrupted-calls.mjs", import.meta.url));

/** Runs in a separate process: here, a thread that waits for a lock forever could not be stopped. */
async function run(task: string, rounds: number): Promise<string> {
  const args = [program, task, String(rounds)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 250_000 });
  return stdout.trim();
}

test.each([
  ["a call that overflows the stack has locked nothing", "overflow", 40],
  [
    "a call that node:vm ends has locked nothing, though it runs no catch and no finally",
    "timeout",
    20,
  ],
  ["a thread that waits for a lock when node:vm ends that can be given it later", "wait", 2],
  ["a lock that an interrupted call has taken is free again", "taken", 1],
])("%s", async (_, task, rounds) => {
  expect(await run(task, rounds)).toBe("done");
});
