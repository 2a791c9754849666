// The tree's own class of maps as the suite takes it, and the same with a planted mistake.
import { Worker } from "node:worker_threads";
import { seed } from "@tooling/vitest/random";
import { workerProgram } from "@tooling/vitest/worker";
import fc from "fast-check";
import { type KeyType, type MapHandle, verify } from "../src/index.ts";
import {
  type KeyKind,
  type MapSubject,
  orderedMapMethods,
  type ThreadJob,
} from "../src/test-suite/index.ts";
import { openWords, WordMap } from "./word-map.ts";

/** What a thread has returned, once it has ended. */
export function startThread(handle: unknown, job: ThreadJob): Promise<unknown> {
  // Beside build/, from which the tests' map takes its code.
  const folder = new URL("../reports/", import.meta.url);
  const file = workerProgram(new URL("conformance-worker.ts", import.meta.url), folder);
  return new Promise((resolve, reject) => {
    const worker = new Worker(file, { workerData: { handle, job } });
    let answer: unknown;
    worker.once("message", (message) => {
      answer = message;
    });
    worker.once("error", reject);
    worker.once("exit", () => resolve(answer));
  });
}

/** What a map of words is told of in the suite. `Class` is WordMap, or has a mistake. */
export function subjectOf<K extends KeyType>(
  keys: KeyKind<K>,
  options: { width?: number; runs: number; Class?: typeof WordMap },
): MapSubject<K, bigint, WordMap<K>> {
  const { width = 15, runs, Class = WordMap } = options;
  const given = { key: keys.name, width };
  return {
    create: () => new Class<K>(given),
    keys,
    values: {
      arbitrary: fc.bigInt(0n, 2n ** 64n - 1n),
      refused: [1, "1", null, undefined, {}, Symbol("1")],
    },
    capabilities: {
      ...orderedMapMethods,
      verify: true,
      close: true,
      dispose: true,
      release: true,
      handle: { attach: (handle) => new Class<K>({}, openWords(handle as MapHandle)) },
      options: {
        create: (bad) => new Class<K>(bad as object),
        refused: [null, "string", { witdh: 15 }, { key: 5 }, { width: 16 }, { maxBytes: -1 }],
      },
      fromSorted: { create: (entries) => Class.fromSorted<K>(entries, given) },
      full: { create: () => new Class<K>({ ...given, maxBytes: 2 ** 20 }) },
      threads: { start: startThread },
    },
    inspect: verify,
    seed,
    runs,
  };
}
