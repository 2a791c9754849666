// Calls that the engine interrupts: the stack overflows, node:vm's timeout passes, or the module traps.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { runInNewContext } from "node:vm";
import { Region } from "@masstree/memory";
import { describe, expect, test } from "vitest";
import { Epochs } from "../src/index.ts";

const program = fileURLToPath(new URL("programs/interrupted-calls.mjs", import.meta.url));

/** Runs in a separate process: here, a thread that waits for a lock forever could not be stopped. */
async function run(task: string, kind: string, rounds: number): Promise<string> {
  const args = [program, task, kind, String(rounds)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 250_000 });
  return stdout.trim();
}

describe.each(["region", "pool"])("with blocks that go back to a %s", (kind) => {
  test.each([
    ["all go on after a call overflows the stack, and no block and no pin is left", "overflow", 3],
    ["the same after node:vm ends a call, which runs no catch and no finally", "timeout", 4],
  ])("%s", async (_, task, rounds) => {
    expect(await run(task, kind, rounds)).toBe("done");
  });
});

describe("a participant whose call traps", () => {
  /** Where the header has the addresses of descriptors, by number from 1: assembly/header.ts of @masstree/memory. */
  const descriptors = 768;
  const numberOfOther = 3;

  /** Twice pinned, with one block retired; then a call traps, for a word of the header leads out of the memory. */
  function trapped() {
    const region = Region.create();
    const epochs = new Epochs(region.memory);
    const [me, other] = [epochs.join(), epochs.join()];
    me.pin();
    me.pin();
    me.retire(region.allocate(64), 64);
    const header = new Uint32Array(region.memory.buffer);
    const place = descriptors / 4 + numberOfOther - 1;
    const descriptor = header[place]!;
    header[place] = 2 ** 32 - 4096;
    expect(() => me.drain()).toThrow(WebAssembly.RuntimeError);
    header[place] = descriptor;
    return { region, epochs, me, other };
  }

  test("is pinned no more, and refuses to pin until that was seen", () => {
    const { epochs, me, other } = trapped();
    expect(me.pinned).toBe(false);
    const refusal = expect.objectContaining({ code: "MASSTREE_INTERRUPTED" });
    expect(() => me.pin()).toThrow(refusal);
    me.unpin();
    expect(() => me.pin()).toThrow("and 1 pins ended with it");
    me.unpin();
    expect(() => me.unpin()).toThrow("pin and unpin must pair up");
    me.pin();
    expect([me.pinned, me.epochsBehind]).toEqual([true, 0n]);
    me.unpin();
    expect(other.drain()).toBe(true);
    epochs.verify();
  });

  test("keeps what it has retired, and retires on", () => {
    const { region, epochs, me, other } = trapped();
    expect(epochs.retiredBlocks).toBe(1);
    me.retire(region.allocate(64), 64);
    expect(epochs.retiredBlocks).toBe(2);
    expect(me.drain() && other.drain()).toBe(true);
    expect(region.account().liveBlocks).toBe(0);
    epochs.verify();
    region.verify();
  });

  test("can leave at once, and leaves nothing behind", () => {
    const { region, epochs, me, other } = trapped();
    me.leave();
    expect(() => me.pin()).toThrow(expect.objectContaining({ code: "MASSTREE_CLOSED" }));
    expect(other.drain()).toBe(true);
    expect(region.account().liveBlocks).toBe(0);
    expect(Region.attach(region.memory).number).toBe(2);
    epochs.verify();
  });

  test("comes back once there is room for another participant", () => {
    const { region, me } = trapped();
    const others: Region[] = [];
    const fill = () => {
      for (;;) others.push(Region.attach(region.memory));
    };
    expect(fill).toThrow(expect.objectContaining({ code: "MASSTREE_TOO_MANY_PARTICIPANTS" }));
    const refusal = expect.objectContaining({ code: "MASSTREE_TOO_MANY_PARTICIPANTS" });
    expect(() => me.collect()).toThrow(refusal);
    expect(() => me.pinned).toThrow(refusal);
    for (const other of others.splice(0)) other.close();
    me.unpin();
    me.unpin();
    me.pin();
    expect(me.pinned).toBe(true);
    me.leave();
    expect(Array.from({ length: 2 }, () => Region.attach(region.memory).number)).toEqual([2, 4]);
  });
});

test("a block whose retirement was interrupted, and which was used again since, is retired again", () => {
  using region = Region.create();
  const freed: number[] = [];
  let stalls = true;
  const free = (block: number) => {
    freed.push(block);
    while (stalls);
  };
  const epochs = new Epochs(region.memory, { free });
  using me = epochs.join();
  const retire = (block: number) => me.retire(block, 128);
  let block = 0;
  // Until the program's own free is called, and stalls.
  while (freed.length === 0) {
    block = region.allocate(128);
    try {
      runInNewContext("retire(block)", { retire, block }, { timeout: 50 });
    } catch (error) {
      expect(error).toMatchObject({ code: "ERR_SCRIPT_EXECUTION_TIMEOUT" });
    }
  }
  stalls = false;
  expect(me.drain()).toBe(true);
  expect(freed).toContain(block);
  freed.length = 0;
  me.retire(block, 128); // the program's pool has given it out again
  expect(me.drain()).toBe(true);
  expect(freed).toEqual([block]);
});
