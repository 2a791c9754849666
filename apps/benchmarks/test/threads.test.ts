import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it } from "vitest";
import { Difference } from "../src/failure.ts";
import { Board } from "../src/threads/board.ts";
import { perSecond } from "../src/threads/clock.ts";
import { Crew } from "../src/threads/crew.ts";

const script = new URL("./fixtures/crew-worker.mjs", import.meta.url);

/** The steps of the fixture. */
type Fixture = {
  echo: (value: unknown) => { value: unknown; data: unknown };
  differ: () => never;
  full: () => never;
  leave: () => never;
  sleep: () => never;
};

let crew: Crew<Fixture>;
afterEach(() => crew?.stop());

const crewOf = (count: number): Crew<Fixture> => {
  crew = new Crew<Fixture>(script, count, (thread) => ({ thread }));
  return crew;
};

describe("a crew", () => {
  it("answers calls; each worker has the data it was started with", async () => {
    expect(await crewOf(2).together(2, "echo", "hello")).toEqual([
      { value: "hello", data: { thread: 0 } },
      { value: "hello", data: { thread: 1 } },
    ]);
  });

  it("passes a Difference on as a Difference", async () => {
    await expect(crewOf(1).call(0, "differ")).rejects.toThrow(new Difference("planted"));
  });

  it("fails a step as soon as one worker fails, even while others sleep", async () => {
    crewOf(2);
    const sleeping = crew.call(0, "sleep");
    await expect(Promise.race([sleeping, crew.call(1, "leave")])).rejects.toThrow(
      "thread 1 ended with status 3",
    );
    sleeping.catch(() => {});
  });

  it("fails a call that comes after the worker died", async () => {
    await expect(crewOf(1).call(0, "leave")).rejects.toThrow("ended with status 3");
    await expect(crew.call(0, "echo", 1)).rejects.toThrow("ended with status 3");
  });

  it("refuses an unknown step", async () => {
    await expect(crewOf(1).call(0, "dance" as "echo", 1)).rejects.toThrow("has no step 'dance'");
  });

  it("stops workers that sleep forever", async () => {
    const call = crewOf(1).call(0, "sleep");
    await Promise.all([expect(call).rejects.toThrow("thread 0 ended"), crew.stop()]);
  });
});

describe("the board", () => {
  it("holds threads until all have arrived, every time they meet", async () => {
    const board = new Board(3);
    const meet = fileURLToPath(new URL("./fixtures/meet.mjs", import.meta.url));
    const rounds = 200;
    const exits = Array.from({ length: 3 }, (_, thread) => {
      const worker = new Worker(meet, { workerData: { buffer: board.buffer, thread, rounds } });
      return new Promise((resolve, reject) => worker.once("exit", resolve).once("error", reject));
    });
    // A thread that got past the barrier alone would have exited with 1.
    expect(await Promise.all(exits)).toEqual([0, 0, 0]);
  });

  it("adds up the operations of the first threads", () => {
    const board = new Board(3);
    board.publish(0, 5);
    board.publish(1, 7);
    board.publish(2, 100);
    expect(board.total(2)).toBe(12);
    board.reset();
    expect(board.total(3)).toBe(0);
  });
});

it("perSecond divides by the time from the first start to the last end", () => {
  const parts = [
    { start: 1000, end: 1500, operations: 300 },
    { start: 1100, end: 2000, operations: 700 },
  ];
  expect(perSecond(parts)).toBe(1000);
});
