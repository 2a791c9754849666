// Deno says that a worker has exited when it was told to terminate, and lets it run on.
import { once } from "node:events";
import fs, { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { expect, test, vi } from "vitest";
import type { WordTreeExports as TreeExports } from "../src/index.ts";

const width = 15;
// The debug builds do not ask their host who has ended.
const build = new WebAssembly.Module(
  readFileSync(new URL("../build/tree-15.wasm", import.meta.url)),
);

/** Says which thread Linux takes it for, and stays. */
const program = `
const { parentPort } = require("node:worker_threads");
parentPort.postMessage(Number(require("node:fs").readlinkSync("/proc/thread-self").split("/").at(-1)));
setInterval(() => {}, 1000);`;

let mayLook = true;

async function mapInDeno(read: "granted" | "prompt") {
  vi.stubGlobal("Deno", { permissions: { querySync: () => ({ state: read }) } });
  vi.resetModules();
  const { getBuiltinModule } = process;
  const files = { ...fs, existsSync: (path: string) => mayLook && fs.existsSync(path) };
  Object.assign(process, {
    getBuiltinModule: (name: string) => (name === "node:fs" ? files : getBuiltinModule(name)),
  });
  try {
    const [{ WordMap }, { treeModules }] = await Promise.all([
      import("./word-map.ts"),
      import("../src/index.ts"),
    ]);
    treeModules.add(width, build);
    return new WordMap({ width });
  } finally {
    Object.assign(process, { getBuiltinModule });
    vi.unstubAllGlobals();
  }
}

/** Has a worker's thread be a participant, as far as anyone can tell. */
async function joined(memory: WebAssembly.Memory) {
  const worker = new Worker(program, { eval: true });
  const thread = worker.threadId + 1;
  const [osThread] = await once(worker, "message");
  const host = { isGone: () => 0, now: Date.now, tell: () => {} };
  const { exports } = new WebAssembly.Instance(build, { env: { memory }, host });
  expect((exports as unknown as TreeExports).attach(1, thread, osThread)).toBe(0);
  return worker;
}

test.runIf(process.platform === "linux").each([
  { read: "granted", outcome: "is taken over from once Linux has it no more", left: [1] },
  { read: "prompt", outcome: "is left alone, since nobody may look", left: [1, 2] },
] as const)("a worker that is said to have exited $outcome", async ({ read, left }) => {
  const map = await mapInDeno(read);
  const numbers = () => map.stats().participants.map(({ number }) => number);
  const worker = await joined(map.handle.memory);
  worker.emit("exit", 1);
  await sleep(50);
  expect(numbers()).toEqual([1, 2]);

  await worker.terminate();
  await sleep(50);
  await vi.waitFor(() => expect(numbers()).toEqual(left), 10_000);
  map.verify();
  map.close();
});

test.runIf(process.platform === "linux")(
  "nobody is taken over from by a thread that may not look any more",
  async () => {
    const map = await mapInDeno("granted");
    const worker = await joined(map.handle.memory);
    mayLook = false;
    try {
      worker.emit("exit", 1);
      await sleep(50);
      expect(map.stats().participants).toHaveLength(2);
    } finally {
      mayLook = true;
    }
    await worker.terminate();
    await vi.waitFor(() => expect(map.stats().participants).toHaveLength(1), 10_000);
    map.close();
  },
);
