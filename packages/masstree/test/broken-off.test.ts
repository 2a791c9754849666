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
  test("goes on in this thread and in others after a call has overflowed the stack", async () => {
    expect(await run("overflow", name, 4)).toBe("done");
  }, 60_000);

  test("is attached and closed wholly or not at all where the stack ends", async () => {
    expect(await run("attach", name, 1)).toBe("done");
  }, 60_000);

  test("goes on in others though the thread never comes back to it", async () => {
    expect(await run("idle", name, 2)).toBe("done");
  }, 60_000);

  test("goes on after node:vm has ended a call, which runs no catch and no finally", async () => {
    expect(await run("timeout", name, 6)).toBe("done");
  }, 60_000);
});
