import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { EVERYTHING, FILE } from "../src/word-index/counts.ts";
import { Probe } from "../src/word-index/probe.ts";
import type { Index } from "../src/word-index/way.ts";

const words = new Map([
  [EVERYTHING, 3 * FILE + 9],
  ["ape", FILE + 1],
  ["apex", 2 * FILE + 8],
]);

let asked: () => void = () => undefined;
const index: Index = {
  done: Promise.resolve(),
  get: (word) => words.get(word),
  startingWith(prefix) {
    asked();
    return [...words].filter(([word]) => word.startsWith(prefix));
  },
  entries: () => words,
};

function blockFor(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe("the main thread's look at the index", () => {
  it("notices how long it was held up, also by what came first", async () => {
    const probe = new Probe([], () => 0);
    await probe.begin();
    blockFor(60);
    expect((await probe.end(index)).stall).toBeGreaterThan(55);
  });

  it("counts its answers, and the files that are not in them", async () => {
    const probe = new Probe(["ap"], () => 5);
    await probe.begin();
    for (let answers = 0; answers < 2; answers++) {
      const isAsked = new Promise<void>((resolve) => {
        asked = resolve;
      });
      if (answers === 0) probe.ask(index);
      await isAsked;
      await setImmediate();
    }
    const { answered, behind, median, spent } = await probe.end(index);
    expect(answered).toBe(2);
    expect(behind).toBe(2);
    expect(spent).toBeGreaterThanOrEqual(median!);
  });

  it("does not ask an index that cannot answer", async () => {
    const probe = new Probe(["ap"], () => 5);
    await probe.begin();
    const closed: Index = {
      ...index,
      closedUntilDone: "it is closed",
      startingWith: () => expect.unreachable(),
    };
    probe.ask(closed);
    blockFor(30);
    await setImmediate();
    expect(await probe.end(closed)).toMatchObject({ answered: 0, closed: "it is closed" });
  });
});
