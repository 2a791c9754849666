// Optimistic transactions of several threads.
import { join } from "node:path";
import { random, runs } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { BTreeStore, bucket } from "../src/index.ts";
import { inFolder } from "./support/processes.ts";
import {
  checkSerial,
  drawStep,
  type Outcome,
  type Plan,
  type Step,
  transactSource,
} from "./support/serial.ts";
import { withThreads } from "./support/threads.ts";

const notes = bucket<string>("notes");

test.each([12, 300])(
  "those that are committed are serializable, with %i keys",
  async (keys) => {
    await inFolder((folder) =>
      withThreads(async (start) => {
        const store = BTreeStore.open(join(folder, "data.db"), { durability: "none" });
        try {
          const threads = await Promise.all([0, 1, 2].map(() => start(store.handle)));
          const draw = random(60 + keys);
          const plan = (thread: number): Plan => ({
            pausing: 7,
            transactions: Array.from({ length: runs(150) }, (_, n) => {
              const mark: Step = {
                kind: "set",
                a: `thread ${thread}`,
                b: "",
                value: `${n}`,
                reverse: false,
                limit: 1,
              };
              const steps = Array.from({ length: 1 + Math.floor(draw() * 8) }, (_, i) =>
                drawStep(draw, keys, `${thread}.${n}.${i}`),
              );
              // So that each has a number of its own.
              return [...steps, mark];
            }),
          });
          const outcomes = (await Promise.all(
            threads.map((thread, i) => thread.runText(transactSource, plan(i))),
          )) as Outcome[];
          const committed = outcomes.flatMap(({ committed }) => committed);
          const numbers = new Set(committed.map(({ commit }) => commit));
          expect(numbers.size).toBe(committed.length);
          const wanted = [...checkSerial(committed)].sort(([a], [b]) => (a < b ? -1 : 1));
          expect(store.read(notes, (txn) => [...txn])).toEqual(wanted);
          expect(committed.length).toBeGreaterThan(runs(150));
          store.check();
        } finally {
          store.close();
        }
      }),
    );
  },
  120_000,
);

test("'retry' in several threads loses no update", async () => {
  await inFolder((folder) =>
    withThreads(async (start) => {
      const store = BTreeStore.open(join(folder, "data.db"), { durability: "none" });
      try {
        const threads = await Promise.all([start(store.handle), start(store.handle)]);
        const add = (store: BTreeStore, times: number) => {
          for (let i = 0; i < times; i++) {
            store.retry<number>("counts", (txn) => txn.update("n", (n = 0) => n + 1), {
              attempts: Number.POSITIVE_INFINITY,
            });
          }
        };
        const others = threads.map((thread) => thread.run(add, 300));
        add(store, 100);
        await Promise.all(others);
        expect(store.read("counts", (txn) => txn.get("n"))).toBe(700);
        expect(store.stats().snapshots).toEqual([]);
        store.check();
      } finally {
        store.close();
      }
    }),
  );
}, 120_000);

test("'retryMany' in several threads keeps buckets together", async () => {
  await inFolder((folder) =>
    withThreads(async (start) => {
      const store = BTreeStore.open(join(folder, "data.db"), { durability: "none" });
      try {
        const threads = await Promise.all([start(store.handle), start(store.handle)]);
        const move = (store: BTreeStore, times: number) => {
          for (let i = 0; i < times; i++) {
            store.retryMany(
              (txn) => {
                const [from, to] = i % 2 === 0 ? ["a", "b"] : ["b", "a"];
                txn.bucket<number>(from!).update(`k${i % 5}`, (n = 0) => n - 1);
                txn.bucket<number>(to!).update(`k${i % 3}`, (n = 0) => n + 1);
                txn.bucket<number>("moves").update("n", (n = 0) => n + 1);
              },
              { attempts: Number.POSITIVE_INFINITY },
            );
          }
        };
        const others = threads.map((thread) => thread.run(move, 200));
        const sums: number[] = [];
        for (let i = 0; i < 20; i++) {
          move(store, 3);
          sums.push(
            store.readMany((m) =>
              ["a", "b"].reduce(
                (sum, name) => [...m.bucket<number>(name).values()].reduce((x, y) => x + y, sum),
                0,
              ),
            ),
          );
        }
        await Promise.all(others);
        expect(new Set(sums)).toEqual(new Set([0]));
        expect(store.read("moves", (txn) => txn.get("n"))).toBe(460);
        expect(store.stats().snapshots).toEqual([]);
        store.check();
      } finally {
        store.close();
      }
    }),
  );
}, 120_000);

test("a transaction of a thread that is terminated changes nothing and keeps no pages", async () => {
  await inFolder((folder) =>
    withThreads(async (start) => {
      const store = BTreeStore.open(join(folder, "data.db"));
      try {
        store.write(notes, (txn) => txn.set("k", "0"));
        const other = await start(store.handle);
        await other.run((store) => void store.begin<string>("notes").set("k", "lost"));
        expect(store.stats().snapshots).toMatchObject([{ name: "transaction" }]);
        await other.terminate();
        for (let n = 1; n < 20; n++) store.write(notes, (txn) => txn.set("k", `${n}`));
        expect(store.stats()).toMatchObject({ snapshots: [] });
        expect(store.stats().pendingPages).toBeLessThan(10);
        expect(store.read(notes, (txn) => txn.get("k"))).toBe("19");
      } finally {
        store.close();
      }
    }),
  );
});
