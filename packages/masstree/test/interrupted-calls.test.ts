// Calls that the engine interrupts: the stack overflows, or node:vm's timeout passes.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { runs } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";

const program = fileURLToPath(new URL("programs/interrupted-calls.mjs", import.meta.url));

/** Runs in a separate process: here, a thread that waits for a lock forever could not be stopped. */
async function run(task: string, name: string, rounds: number): Promise<string> {
  const args = [program, task, name, String(rounds)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 250_000 });
  return stdout.trim();
}

describe.each(["MassTree", "MassTreeInline"])("%s", (name) => {
  test.each([
    [
      "keeps working in this thread and in others after a call overflows the stack",
      "overflow",
      runs(1, 4),
    ],
    ["attaches and closes completely or not at all if the stack overflows", "attach", 1],
    ["keeps working in others if the interrupted thread never uses it again", "idle", runs(1, 2)],
    [
      "keeps working after node:vm ends a call, which runs no catch and no finally",
      "timeout",
      runs(2, 6),
    ],
    ["is left by those that node:vm ends while they attach or close", "comings", runs(1, 3)],
    [
      "does not wait for what node:vm has ended in another map of the thread",
      "together",
      runs(1, 3),
    ],
  ])("%s", async (_, task, rounds) => {
    expect(await run(task, name, rounds)).toBe("done");
  });
});
