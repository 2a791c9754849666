// V8's baseline compiler in Node 20 overwrites a local of the function that waits, unless the wait is
// written as in assembly/wait.ts. A lost owner number shows as two threads in one lock, but only in
// threads that fall asleep before their code has been optimised: so it never is, here.
import { setFlagsFromString } from "node:v8";
import { runs } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { compile, sharedMemory } from "./modules.ts";
import { runThreads, type Task } from "./threads.ts";

// For this process, which runs this file only. Before anything is compiled.
setFlagsFromString("--liftoff-only");

const node = 64;
test.each(["contend-test", "contend-debug"] as const)(
  "%s: threads whose code is not optimised exclude each other, asleep or not",
  async (build) => {
    const module = compile(build);
    for (let round = 0; round < runs(20); round++) {
      const memory = sharedMemory();
      const words = new BigUint64Array(memory.buffer, node, 4);
      const times = 4_000;
      const tasks = Array.from({ length: 4 }, (_, i): Task => {
        return [round % 2 ? "write" : "count", node, i + 1, times];
      });
      await runThreads(module, memory, tasks);
      const total = BigInt(4 * times);
      if (round % 2) {
        expect([words[2], words[3]]).toEqual([total, total]);
        const splits = total / 8n;
        expect(words[0]).toBe(((total - splits) << 16n) + (splits << 32n));
      } else {
        expect([words[0], words[1]]).toEqual([0n, total]);
      }
    }
  },
);
