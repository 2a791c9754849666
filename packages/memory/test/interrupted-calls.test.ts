// Calls that the engine interrupts: the stack overflows, or node:vm's timeout passes.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { Region } from "../src/index.ts";

const program = fileURLToPath(new URL("programs/interrupted-calls.mjs", import.meta.url));

/** Runs in a separate process: here, a thread that waits for a lock forever could not be stopped. */
async function run(task: string, rounds: number): Promise<string> {
  const args = [program, task, String(rounds)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 250_000 });
  return stdout.trim();
}

test.each([
  [
    "all objects of the thread go on after a call overflows the stack, and no block is lost",
    "overflow",
    4,
  ],
  ["the same after node:vm ends a call, which runs no catch and no finally", "timeout", 6],
  ["attaches and closes completely or not at all if the stack overflows", "attach", 2],
  ["other threads go on while the interrupted one does nothing more", "idle", 5],
])("%s", async (_, task, rounds) => {
  expect(await run(task, rounds)).toBe("done");
});

/** Interrupts `allocate` between its two calls into the module. */
function interrupt(region: Region): void {
  const { view } = region;
  view.reach = () => {
    throw new RangeError("the stack is full");
  };
  expect(() => region.allocate(64)).toThrow("the stack is full");
  // The prototype's again.
  Reflect.deleteProperty(view, "reach");
}

test("an interrupted allocation leaves no block, and the region has another number", () => {
  const region = Region.create({ maxBytes: 2 ** 22 });
  const block = region.allocate(64);
  interrupt(region);
  expect(region.account().liveBlocks).toBe(1);
  expect(region.number).toBe(2);
  region.free(block, 64);
  region.close();
  region.close();
  expect(Region.attach(region.memory).number).toBe(1);
  region.verify();
});

test("a region that was interrupted closes without having been used since", () => {
  const region = Region.create({ maxBytes: 2 ** 22 });
  interrupt(region);
  region.close();
  const numbers = [1, 2].map(() => Region.attach(region.memory).number);
  expect(numbers).toEqual([1, 2]);
  expect(region.account().liveBlocks).toBe(0);
  region.verify();
});

describe("where there is no room for another participant", () => {
  const refusal = expect.objectContaining({ code: "MASSTREE_TOO_MANY_PARTICIPANTS" });

  function crowded() {
    const region = Region.create({ maxBytes: 2 ** 27 });
    const block = region.allocate(64);
    const others = Array.from({ length: 247 }, () => Region.attach(region.memory));
    interrupt(region);
    return { region, block, others };
  }

  test("an interrupted region says so, and goes on once there is", () => {
    const { region, block, others } = crowded();
    expect(() => region.allocate(64)).toThrow(refusal);
    expect(() => region.account()).toThrow(refusal);
    others[99]!.close();
    region.free(block, 64);
    expect(region.number).toBe(101);
    expect(Region.attach(region.memory).number).toBe(1);
    expect(region.account().liveBlocks).toBe(0);
    region.verify();
  });

  test("an interrupted region closes all the same, and stays abandoned", () => {
    const { region, others } = crowded();
    region.close();
    expect(() => Region.attach(region.memory)).toThrow(refusal);
    others[99]!.close();
    expect(Region.attach(region.memory).number).toBe(100 + 1);
  });
});
