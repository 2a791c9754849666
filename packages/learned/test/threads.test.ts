// Several threads on one map, of the built package.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { LearnedMap, LearnedSet } from "@masstree/learned";
import type { MapHandle } from "@masstree/tree";
import {
  mapChecks,
  numberKeys,
  orderedMapMethods,
  type ThreadJob,
} from "@masstree/tree/test-suite";
import { runs, seed } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

function start(handle: unknown, job: ThreadJob): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const program = new URL("programs/conformance.js", import.meta.url);
    const worker = new Worker(program, { workerData: { handle, job } });
    let answer: unknown;
    worker.once("message", (message) => {
      answer = message;
    });
    worker.once("error", reject);
    worker.once("exit", () => resolve(answer));
  });
}

describe("LearnedMap:", () => {
  const checks = mapChecks({
    create: () => new LearnedMap(),
    keys: numberKeys,
    values: { arbitrary: fc.double() },
    capabilities: {
      ...orderedMapMethods,
      verify: true,
      close: true,
      dispose: true,
      release: true,
      handle: { attach: (handle) => LearnedMap.attach(handle as MapHandle) },
      threads: { start },
    },
    inspect: (map) => map.verify(),
    seed,
    runs: runs(10),
  });
  test.each(checks.filter(({ group }) => group === "threads"))("$name", ({ run }) => run());
});

interface Report {
  readonly wrong: string[];
  readonly entries: [bigint, number][];
}

/** A map with keys that stay, and threads that write among others of theirs. */
function begin(threads: number, rounds: number) {
  const map = new LearnedMap({ key: "bigint" });
  const kept = Array.from({ length: 1000 }, (_, i) => BigInt(1_000_000 + i * 7));
  map.bulkLoad(kept.map((key) => [key, Number(key)]));
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const program = new URL("programs/writer.js", import.meta.url);
  const workers = Array.from({ length: threads }, (_, thread) => {
    const workerData = { handle: map.handle, thread, threads, rounds, stop };
    return new Worker(program, { workerData });
  });
  return { map, kept, stop, workers };
}

test("threads that write, rebuild, read and scan at once see what they should", async () => {
  const { map, kept, workers } = begin(4, runs(2000));
  const reports = await Promise.all(
    workers.map(async (worker) => {
      await once(worker, "message");
      const [report] = (await once(worker, "message")) as [Report];
      return report;
    }),
  );
  expect(reports.flatMap(({ wrong }) => wrong)).toEqual([]);
  map.verify();
  const wanted = new Map(kept.map((key) => [key, Number(key)]));
  for (const { entries } of reports) for (const [key, value] of entries) wanted.set(key, value);
  expect(new Map(map)).toEqual(wanted);
  map.close();
});

test("threads that are terminated anywhere leave the map whole", async () => {
  for (let round = 0; round < runs(3); round++) {
    const { map, kept, stop, workers } = begin(3, Number.MAX_SAFE_INTEGER);
    await Promise.all(workers.map((worker) => once(worker, "message")));
    await new Promise((resolve) => setTimeout(resolve, 20 + 15 * round));
    await Promise.all(workers.slice(0, 2).map((worker) => worker.terminate()));
    Atomics.store(stop, 0, 1);
    const [report] = (await once(workers[2]!, "message")) as [Report];
    expect(report.wrong).toEqual([]);
    map.verify();
    expect(kept.every((key) => map.get(key) === Number(key))).toBe(true);
    for (const [key, value] of report.entries) expect(map.get(key)).toBe(value);
    map.close();
  }
});

test("threads that add and remove at once leave what each has left", async () => {
  const [threads, members] = [3, runs(600)];
  const set = new LearnedSet();
  const program = new URL("programs/set-worker.js", import.meta.url);
  const wrong = await Promise.all(
    Array.from({ length: threads }, async (_, thread) => {
      const workerData = { handle: set.handle, thread, threads, members };
      const [answer] = (await once(new Worker(program, { workerData }), "message")) as [string[]];
      return answer;
    }),
  );
  expect(wrong.flat()).toEqual([]);
  const all = Array.from({ length: members * threads }, (_, member) => member);
  expect([...set]).toEqual(all.filter((member) => Math.floor(member / threads) % 3 !== 0));
  set.verify();
  set.close();
});
