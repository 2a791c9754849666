// Sentinels, by which any thread finds out at once whether another has ended (src/thread-ends/sentinels.ts). That an engine
// drops those of an ended thread is tested with real threads; here it is played by waking all of them.
import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { workerProgram } from "@tooling/vitest/worker";
import { expect, test, vi } from "vitest";
import { askSentinels, Sentinels, sentinelWord } from "../src/thread-ends/sentinels.ts";
import {
  askingOf,
  headerWords,
  sentinelIndex,
  threadOfTicket,
  ticketIndex,
} from "../src/thread-ends/tickets.ts";

const number = 3;
const [thread, other] = [7, 8];
const count = 32;
/** How many stay behind. */
const kept = 4;
/** Who asks. */
const self = 5;
const dead = 1 << 30;

/** Lets this thread hear of those that were woken. */
const turn = () => sleep(20);

function arrange(owner = thread) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 4, shared: true });
  const words = headerWords(memory);
  const setTicket = (ticket: number) => Atomics.store(words, ticketIndex(number), ticket);
  /** What an engine does when a thread ends; how many sentinels there were. */
  const drop = () => Atomics.notify(words, ticketIndex(number));
  const ask = (leave = 0, from = self, through = words) =>
    askSentinels(through, number, from, leave, threadOfTicket(through, number));
  setTicket(owner);
  return { memory, words, setTicket, drop, ask };
}

test("a thread that lives is seen to live, until as many have asked as it has sentinels", async () => {
  const { memory, ask } = arrange();
  const sentinels = new Sentinels(memory, number, thread);
  for (let i = 0; i < count - 1; i++) expect(ask()).toBe(false);
  expect(ask()).toBe(undefined);
  await turn();
  for (let i = 0; i < count; i++) expect(ask()).toBe(false);
  expect(ask()).toBe(undefined);
  sentinels.dismiss();
});

test("a thread whose sentinels the engine has dropped has ended", () => {
  const { memory, ask, drop } = arrange();
  new Sentinels(memory, number, thread);
  expect(drop()).toBe(count - 1);
  expect(ask()).toBe(true);
  expect(ask()).toBe(true);
});

test("the last sentinels are left to those that ask for them", () => {
  const { memory, ask } = arrange();
  new Sentinels(memory, number, thread);
  for (let i = 0; i < 15; i++) expect(ask(16)).toBe(false);
  expect(ask(16)).toBe(undefined);
  for (let i = 0; i < 16; i++) expect(ask(0)).toBe(false);
});

test("a thread in a long job posts others when it can", () => {
  const { memory, ask } = arrange();
  const sentinels = new Sentinels(memory, number, thread);
  for (let i = 0; i < 10 * count; i++) {
    expect(ask()).toBe(false);
    if (i % 10 === 0) sentinels.replenish();
  }
});

test("there are never more than so many, however often it is asked and replenished", async () => {
  const { memory, drop, ask } = arrange();
  const sentinels = new Sentinels(memory, number, thread);
  for (let i = 0; i < 10 * count; i++) {
    ask();
    sentinels.replenish();
  }
  await turn();
  expect(drop()).toBeLessThanOrEqual(count);
});

test("nobody can be asked about a thread that has left, and only a few of its sentinels stay behind", async () => {
  const { memory, ask, drop } = arrange();
  const sentinels = new Sentinels(memory, number, thread);
  ask();
  sentinels.leave();
  sentinels.dismiss();
  sentinels.leave();
  sentinels.dismiss();
  expect(ask()).toBe(undefined);
  await turn();
  expect(drop()).toBe(kept);
});

test("while a thread is leaving, everyone can ask whether it has ended", async () => {
  for (const leave of [0, 8, 16]) {
    const { memory, ask, drop } = arrange();
    new Sentinels(memory, number, thread).leave();
    for (let i = 0; i < kept; i++) expect(ask(leave)).toBe(false);
    expect(ask(leave)).toBe(undefined);
    await turn();
    expect(drop()).toBe(0);
  }
  const { memory, ask, drop } = arrange();
  new Sentinels(memory, number, thread).leave();
  drop();
  expect(ask(16)).toBe(true);
});

test("a thread that ended while it was leaving does not keep the next one with its number from being seen", () => {
  for (const isDropped of [true, false]) {
    const { memory, setTicket, drop, ask } = arrange();
    const former = new Sentinels(memory, number, thread);
    former.leave();
    if (isDropped) drop();
    setTicket(other);
    const next = new Sentinels(memory, number, other);
    for (let i = 0; i < count - 1; i++) expect(ask()).toBe(false);
    next.replenish();
    drop();
    expect(ask()).toBe(true);
  }
});

test("a number that nobody has, that another holds, or of a thread without a name tells nothing", () => {
  for (const ticket of [0, -(2 ** 31) + 5, 2 ** 30 - 1]) {
    const { memory, setTicket, ask } = arrange();
    new Sentinels(memory, number, thread);
    setTicket(ticket);
    expect(ask()).toBe(undefined);
  }
});

test("what is left of an ended thread says nothing of the next one with its number", () => {
  const { memory, setTicket, drop, ask } = arrange();
  new Sentinels(memory, number, thread);
  drop();
  setTicket(other);
  expect(ask()).toBe(undefined);
  new Sentinels(memory, number, other);
  expect(ask()).toBe(false);
});

test("a thread that was given up leaves the next one with its number alone", async () => {
  const { memory, words, setTicket, drop, ask } = arrange();
  const former = new Sentinels(memory, number, thread);
  ask();
  setTicket(other);
  new Sentinels(memory, number, other);
  await turn();
  const word = sentinelWord(words, number);
  former.replenish();
  former.dismiss();
  await turn();
  expect(sentinelWord(words, number)).toBe(word);
  expect(drop()).toBe(count);
});

test("a thread that is known to be dead posts none", () => {
  const { memory, ask, drop } = arrange(thread | dead);
  new Sentinels(memory, number, thread).replenish();
  expect(ask()).toBe(undefined);
  expect(drop()).toBe(0);
});

test("whoever is still asking about the one before wakes none of those that the next thread counts", () => {
  const { memory, words, drop, ask } = arrange();
  const asking = askingOf(words);
  for (let index = 9; index < 49; index++) Atomics.store(asking, index, number);
  new Sentinels(memory, number, thread);
  // Each wakes one late.
  for (let i = 0; i < 40; i++) expect(Atomics.notify(words, ticketIndex(number), 1)).toBe(1);
  for (let i = 0; i < count - 1; i++) expect(ask()).toBe(false);
  expect(drop()).toBe(0);
});

test("a thread that leaves, or comes again, while somebody asks is not taken for dead", () => {
  for (const next of [undefined, thread, other]) {
    for (const gap of ["before", "while"]) {
      const { memory, setTicket, ask } = arrange();
      const sentinels = new Sentinels(memory, number, thread);
      const { notify } = Atomics;
      let answer: number | undefined;
      // Between the two steps of the question.
      const asks = vi.spyOn(Atomics, "notify").mockImplementationOnce((...question) => {
        sentinels.leave();
        sentinels.dismiss();
        if (next !== undefined) {
          setTicket(next);
          if (gap === "while") {
            // The asker wakes whom it can when the next thread has dropped the old ones.
            asks.mockImplementationOnce((...args) => {
              const dropped = notify(...args);
              answer = notify(...question);
              return dropped;
            });
          }
          new Sentinels(memory, number, next);
        }
        return answer ?? notify(...question);
      });
      const found = ask();
      asks.mockRestore();
      expect(found, `next ${next}, ${gap}`).toBe(next && gap === "while" ? undefined : false);
      expect(ask()).toBe(next && false);
    }
  }
});

test("a thread that was interrupted as it left can be asked about until it has left", async () => {
  const { memory, words, setTicket, drop, ask } = arrange();
  const sentinels = new Sentinels(memory, number, thread);
  const interrupts = vi.spyOn(Atomics, "notify").mockImplementationOnce(() => {
    throw new Error("interrupted");
  });
  expect(() => sentinels.leave()).toThrow("interrupted");
  interrupts.mockRestore();
  expect(ask(16)).toBe(false);
  sentinels.dismiss();
  expect(ask()).toBe(undefined);
  setTicket(other);
  new Sentinels(memory, number, other);
  expect(ask()).toBe(false);
  await turn();
  expect(drop()).toBe(count);
  expect(Atomics.load(words, sentinelIndex(number)) >>> 8).toBe(other);
});

test("a participant that was given up leaves the next one of its thread with its number alone", async () => {
  const { memory, drop, ask } = arrange();
  const former = new Sentinels(memory, number, thread);
  new Sentinels(memory, number, thread);
  former.forget();
  former.leave();
  former.dismiss();
  expect(ask()).toBe(false);
  await turn();
  expect(drop()).toBe(count);
});

test("an interrupted asker keeps nobody from asking about the next thread", async () => {
  const { memory, words, setTicket, ask } = arrange();
  new Sentinels(memory, number, thread);
  const interrupts = vi.spyOn(Atomics, "notify").mockImplementationOnce(() => {
    throw new Error("interrupted");
  });
  expect(() => ask()).toThrow("interrupted");
  interrupts.mockRestore();
  expect(Atomics.load(askingOf(words), self - 1)).toBe(number);
  setTicket(other);
  new Sentinels(memory, number, other);
  expect(ask(0, 9)).toBe(false);
});

test("growing the memory makes no difference", () => {
  const { memory, ask } = arrange();
  const before = headerWords(memory);
  memory.grow(1);
  new Sentinels(memory, number, thread);
  memory.grow(1);
  expect(ask()).toBe(false);
  expect(ask(0, self, before)).toBe(false);
  expect(ask(0, self, headerWords(memory))).toBe(false);
});

test("an engine that does not count who waits is not asked", () => {
  const { memory, ask } = arrange();
  const waits = vi.spyOn(Atomics, "waitAsync").mockImplementation(() => {
    return { async: true, value: new Promise(() => {}) };
  });
  new Sentinels(memory, number, thread).replenish();
  waits.mockRestore();
  expect(ask()).toBe(undefined);
});

test("whoever comes, goes and asks at once, a thread that lives is never taken for one that ended", async () => {
  const source = new URL("programs/come-and-go.ts", import.meta.url);
  const program = fileURLToPath(
    workerProgram(source, new URL("../reports/threads/", import.meta.url)),
  );
  const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 250_000 });
  const { stays, alive, ended, left } = JSON.parse(stdout);
  expect(stays).toBeGreaterThan(20);
  expect(alive).toBeGreaterThan(20);
  expect({ ended, left }).toEqual({ ended: 0, left: 0 });
});
