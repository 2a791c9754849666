// Real threads on one lock, more of them than most machines have cores. The debug build sleeps after
// four looks at the word, for up to two seconds: a sleeper that nobody woke would be counted.
import { availableParallelism } from "node:os";
import { runs } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { compile, sharedMemory, word } from "./modules.ts";
import { runThreads, type Task } from "./threads.ts";

const node = 64;
const threads = Math.max(8, availableParallelism() + 2);

describe.each(["contend-test", "contend-debug"] as const)("%s", (build) => {
  const module = compile(build);
  const setup = () => {
    const memory = sharedMemory();
    return { memory, words: new BigUint64Array(memory.buffer, node, 4) };
  };
  const totalTimeouts = (outcomes: { timeouts: number }[]) =>
    outcomes.reduce((sum, { timeouts }) => sum + timeouts, 0);

  test("no update of a plain counter is lost among threads that lock", async () => {
    const { memory, words } = setup();
    const times = runs(20_000);
    const tasks = Array.from({ length: threads }, (_, i): Task => ["count", node, i + 1, times]);
    const outcomes = await runThreads(module, memory, tasks);
    expect(words[1]).toBe(BigInt(threads * times));
    expect(words[0]).toBe(0n);
    if (build === "contend-debug") expect(totalTimeouts(outcomes)).toBe(0);
  });

  test("threads that only try the lock exclude each other as well", async () => {
    const { memory, words } = setup();
    const times = runs(5_000);
    const tasks = Array.from({ length: threads }, (_, i): Task => {
      return [i % 2 ? "count" : "countTrying", node, 1023 - i, times];
    });
    await runThreads(module, memory, tasks);
    expect(words[1]).toBe(BigInt(threads * times));
    expect(words[0]).toBe(0n);
  });

  test("threads that give up and ask again lose no update, nor wake nobody", async () => {
    const { memory, words } = setup();
    const times = runs(5_000);
    const tasks = Array.from({ length: threads }, (_, i): Task => {
      return [i % 2 ? "count" : "countImpatiently", node, i + 1, times];
    });
    const outcomes = await runThreads(module, memory, tasks, (thread) => thread !== 0);
    expect(words[1]).toBe(BigInt(threads * times));
    expect(words[0]).toBe(0n);
    const patient = outcomes.filter((_, i) => i % 2);
    if (build === "contend-debug") expect(totalTimeouts(patient)).toBe(0);
  });

  test("a thread that may not wait spins, beside others that sleep", async () => {
    const { memory, words } = setup();
    const times = runs(2_000);
    const tasks = Array.from({ length: 4 }, (_, i): Task => ["count", node, i + 1, times]);
    const outcomes = await runThreads(module, memory, tasks, (thread) => thread !== 0);
    expect(words[1]).toBe(BigInt(4 * times));
    expect(words[0]).toBe(0n);
    expect(outcomes[0]!.timeouts).toBe(0);
  });

  test("validated reads are never torn, no sleeper is forgotten, and each step is counted", async () => {
    const { memory, words } = setup();
    const writers = Math.ceil(threads / 2);
    const times = runs(10_000);
    const target = BigInt(writers * times);
    // The insert counter carries soon after the start, and so does the split counter.
    const start = word({ leaf: true, inserts: 0xfff0, splits: 0xfffffff0 });
    words[0] = start;
    const tasks = Array.from({ length: threads }, (_, i): Task => {
      return i < writers ? ["write", node, i + 1, times] : ["read", node, target];
    });
    const outcomes = await runThreads(module, memory, tasks);
    expect(outcomes.slice(writers).map(({ result }) => result)).toEqual(
      Array.from({ length: threads - writers }, () => 0),
    );
    expect([words[2], words[3]]).toEqual([target, target]);
    const splits = BigInt(writers * Math.floor(times / 8));
    const inserts = target - splits;
    expect(words[0]).toBe(BigInt.asUintN(64, start + (inserts << 16n) + (splits << 32n)));
    if (build === "contend-debug") expect(totalTimeouts(outcomes)).toBe(0);
  });
});
