// Threads that are terminated while they write: at every call of the file, and at any moment.
import { join } from "node:path";
import { random, runs } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { BTreeStore } from "../src/index.ts";
import { dieAtEachStep, readNumber, writeInThread, writeNumber } from "./support/dying-writers.ts";
import { inFolder } from "./support/processes.ts";
import { withThreads } from "./support/threads.ts";

test.each(["sync", "none"] as const)(
  "terminated at each call of a commit (%s), it leaves the whole commit or nothing of it",
  (durability) =>
    inFolder((folder) =>
      withThreads(async (start) => {
        const file = join(folder, "data.db");
        const store = BTreeStore.open(file);
        const steps = await dieAtEachStep(BTreeStore, store, start, durability);
        expect(steps).toBeGreaterThan(durability === "sync" ? 10 : 4);
        const n = readNumber(store);
        store.close();
        using again = BTreeStore.open(file);
        expect(readNumber(again)).toBe(n);
        expect(again.stats().recovery).toBeUndefined();
      }),
    ),
  120_000,
);

test(
  "terminated at any moment, again and again, it leaves a whole state, and the file does not grow",
  () =>
    inFolder((folder) =>
      withThreads(async (start) => {
        const draw = random(1);
        const file = join(folder, "data.db");
        const store = BTreeStore.open(file, { cacheBytes: 0 });
        for (let n = 1; n < 10; n++) writeNumber(store, n, "none");
        const { fileBytes } = store.stats();
        for (let round = 0; round < runs(4, 6); round++) {
          const thread = await start(store.handle);
          let told = readNumber(store);
          const writing = (async () => {
            for (;;) {
              await writeInThread(thread, told + 1, draw() < 0.5 ? "sync" : "none");
              told++;
            }
          })();
          writing.catch(() => {});
          await new Promise((resolve) => setTimeout(resolve, draw() * 60));
          const acknowledged = told;
          await thread.terminate();
          store.write("count", (txn) => txn.get("n"));
          const found = readNumber(store);
          expect(found).toBeGreaterThanOrEqual(acknowledged);
          store.check();
        }
        expect(store.stats().fileBytes).toBeLessThan(fileBytes + 2 ** 22);
        const n = readNumber(store);
        store.close();
        using again = BTreeStore.open(file);
        expect(readNumber(again)).toBe(n);
      }),
    ),
  120_000,
);
