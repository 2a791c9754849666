// Calls that the engine breaks off: the stack is full, or node:vm's timeout has passed.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const program = fileURLToPath(new URL("programs/broken-off.mjs", import.meta.url));

/** In a process of its own: a thread that waits for a lock for ever could not be interrupted here. */
async function run(task: string, name: string, rounds: number): Promise<string> {
  const args = [program, task, name, String(rounds)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 50_000 });
  return stdout.trim();
}

describe.each(["MassTree", "MassTreeInline"])("%s", (name) => {
  test.each([
    ["goes on in this thread and in others after a call has overflowed the stack", "overflow", 4],
    ["is attached and closed wholly or not at all where the stack ends", "attach", 1],
    ["goes on in others though the thread never comes back to it", "idle", 2],
    ["goes on after node:vm has ended a call, which runs no catch and no finally", "timeout", 6],
  ])(
    "%s",
    async (_, task, rounds) => {
      expect(await run(task, name, rounds)).toBe("done");
    },
    60_000,
  );
});
