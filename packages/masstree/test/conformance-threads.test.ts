// The part of the suite that takes several threads, over the public classes of the built package.
import { Worker } from "node:worker_threads";
import { type MapHandle, verify } from "@masstree/tree";
import {
  mapChecks,
  numberKeys,
  orderedMapMethods,
  stringKeys,
  type ThreadJob,
} from "@masstree/tree/test-suite";
import { isFull, runs, seed } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, test } from "vitest";
import { MassTree, MassTreeInline } from "../src/index.ts";
import { valueKinds } from "./value-kinds.ts";

/** Starts threads of a class of maps. */
const starter = (className: string) => (handle: unknown, job: ThreadJob) =>
  new Promise<unknown>((resolve, reject) => {
    const program = new URL("programs/conformance.js", import.meta.url);
    const worker = new Worker(program, { workerData: { className, handle, job } });
    let answer: unknown;
    worker.once("message", (message) => {
      answer = message;
    });
    worker.once("error", reject);
    worker.once("exit", () => resolve(answer));
  });

const can = { ...orderedMapMethods, verify: true, close: true, dispose: true, release: true };
const settings = { inspect: verify, seed, runs: runs(10) };

const codecs = ["json", "utf8", "bytes"] as const;

describe.each(isFull ? codecs : [codecs[0]])("MassTree with %s values:", (name) => {
  const { value, ...values } = valueKinds[name];
  const checks = mapChecks<string, unknown, MassTree<unknown>>({
    ...settings,
    create: () => new MassTree<unknown>({ value } as never),
    keys: stringKeys,
    values,
    capabilities: {
      ...can,
      handle: { attach: (handle) => MassTree.attach(handle as MapHandle) },
      threads: { start: starter("MassTree") },
    },
  });
  test.each(checks.filter(({ group }) => group === "threads"))("$name", ({ run }) => run());
});

describe("MassTreeInline:", () => {
  const checks = mapChecks({
    ...settings,
    create: () => new MassTreeInline<number, number>({ key: "number" }),
    keys: numberKeys,
    values: { arbitrary: fc.double() },
    capabilities: {
      ...can,
      handle: {
        attach: (handle) => MassTreeInline.attach<number, number>(handle as MapHandle),
      },
      threads: { start: starter("MassTreeInline") },
    },
  });
  test.each(checks.filter(({ group }) => group === "threads"))("$name", ({ run }) => run());
});
