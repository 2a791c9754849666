// A session over the module that has no structure: participants come, go, are interrupted and recovered.
import { readFileSync } from "node:fs";
import { createSharedMemory, type WasmMemory } from "@masstree/wasm";
import { afterEach, describe, expect, test } from "vitest";
import type { BareExports } from "../src/generated/bare-exports.ts";
import { Session, type Wording } from "../src/index.ts";
import { askingOf, headerWords } from "../src/thread-ends/tickets.ts";

const module = new WebAssembly.Module(
  readFileSync(new URL("../build/session.wasm", import.meta.url)),
);
const wording: Wording = { noun: "thing", limit: "maxBytes" };
const pages = 64;

const opened: Session<BareExports>[] = [];

function create(maximumPages = pages): Session<BareExports> {
  const memory = createSharedMemory(Math.min(16, maximumPages), maximumPages);
  return kept(
    new Session<BareExports>(module, memory, wording, ({ create }) => create(maximumPages)),
  );
}

function attach(memory: WasmMemory): Session<BareExports> {
  return kept(new Session<BareExports>(module, memory, wording));
}

function kept(session: Session<BareExports>): Session<BareExports> {
  opened.push(session);
  return session;
}

const numbers = (session: Session<BareExports>) =>
  session.participants().map(({ number }) => number);

/** Makes a call that traps: for a number that is none, it reads beyond the memory. */
function interrupt({ exports }: Session<BareExports>): void {
  expect(() => exports.threadOf(2 ** 28)).toThrow(WebAssembly.RuntimeError);
}

afterEach(() => {
  for (const session of opened.splice(0)) session.close();
});

describe("participants", () => {
  test("are numbered from 1, and listed by all", () => {
    const one = create();
    const two = attach(one.memory);
    expect(one.exports.participantNumber()).toBe(1);
    expect(two.exports.participantNumber()).toBe(2);
    expect(numbers(one)).toEqual([1, 2]);
    expect(two.participants()).toEqual([
      expect.objectContaining({ number: 1, self: false, state: "live", pinned: false }),
      expect.objectContaining({ number: 2, self: true, state: "live", pinned: false }),
    ]);
  });

  test("ask nothing any more when they close, if a question was interrupted", () => {
    const one = create();
    const two = attach(one.memory);
    const asking = askingOf(headerWords(one.memory));
    asking[two.exports.participantNumber() - 1] = 1;
    two.close();
    expect(asking.every((number) => number === 0)).toBe(true);
  });

  test("give their numbers back when they close", () => {
    const one = create();
    const two = attach(one.memory);
    two.close();
    two.close();
    expect(numbers(one)).toEqual([1]);
    expect(attach(one.memory).exports.participantNumber()).toBe(2);
  });

  test("are said to be pinned while they are", () => {
    const one = create();
    const two = attach(one.memory);
    two.exports.pin();
    expect(one.participants()[1]).toMatchObject({ pinned: true, epochsBehind: 0 });
    two.exports.unpin();
    expect(one.participants()[1]).toMatchObject({ pinned: false });
  });

  test("are refused when there is no room for another", () => {
    const one = create(8);
    expect(() => attach(one.memory)).toThrow(
      expect.objectContaining({
        code: "MASSTREE_FULL",
        message: expect.stringContaining("The thing has reached its 'maxBytes'"),
      }),
    );
    expect(numbers(one)).toEqual([1]);
  });

  test("are refused where not even one has room", () => {
    expect(() => create(2)).toThrow(
      expect.objectContaining({
        code: "MASSTREE_FULL",
        message:
          "Not even an empty thing fits in 'maxBytes'. Make it larger: a MiB is enough for most.",
      }),
    );
  });

  test("are 248 at most", () => {
    const one = create(2048);
    for (let number = 2; number <= 248; number++) attach(one.memory);
    expect(() => attach(one.memory)).toThrow(
      expect.objectContaining({ code: "MASSTREE_TOO_MANY_PARTICIPANTS" }),
    );
  });
});

describe("a closed session", () => {
  test("says so", () => {
    const one = create();
    one.close();
    expect(one.closed).toBe(true);
    expect(() => one.checkOpen()).toThrow(
      expect.objectContaining({
        code: "MASSTREE_CLOSED",
        message:
          "This thing was closed in this thread. To use it again, attach to the handle that other threads have.",
      }),
    );
  });
});

describe("release", () => {
  test.each([0, 257, 1.5, Number.NaN, "1"])("refuses %s, which is no participant", (number) => {
    const one = create();
    expect(() => one.release(number as number)).toThrow(
      expect.objectContaining({ code: "MASSTREE_BAD_OPTION" }),
    );
  });

  test("refuses its own participant", () => {
    const one = create();
    expect(() => one.release(1)).toThrow(
      "Participant 1 is this thing itself. Call 'close' instead.",
    );
  });

  test("refuses a thread that can be seen to run", () => {
    const one = create();
    attach(one.memory);
    if (process.platform !== "linux") return;
    expect(() => one.release(2)).toThrow("still runs");
  });

  test("has nothing to do for a number that nobody has", () => {
    expect(create().release(3)).toBe(false);
  });
});

describe("a call that is interrupted", () => {
  test("ends the participant, and the next operation makes another", () => {
    const one = create();
    const two = attach(one.memory);
    const before = two.exports;
    before.pin();
    interrupt(two);
    expect(one.exports.pinnedOf(2)).toBe(1);
    expect(one.exports.unrecovered()).toBe(1);
    // Whoever asks recovers it first.
    expect(numbers(one)).toEqual([1]);
    two.checkOpen();
    expect(two.exports).not.toBe(before);
    expect(before.participants()).toBe(0); // nobody acts as the former one any more
    expect(two.exports.participantNumber()).toBeGreaterThan(0);
    expect(one.participants().filter(({ pinned }) => pinned)).toEqual([]);
    one.recoverGone();
    expect(one.exports.unrecovered()).toBe(0);
    expect(numbers(one)).toHaveLength(2);
  });

  test("between the calls of one operation does the same", () => {
    const one = create();
    const two = attach(one.memory);
    two.holding = true;
    two.exports.pin();
    // Here the operation was interrupted: nobody took `holding` back.
    two.checkOpen();
    expect(two.holding).toBe(false);
    expect(one.participants().filter(({ pinned }) => pinned)).toEqual([]);
    expect(numbers(one)).toHaveLength(2);
  });
});

test("views reach what was added to the memory since", () => {
  const one = create();
  const end = one.memory.buffer.byteLength;
  one.memory.grow(1);
  expect(one.all.bytes.length).toBe(end);
  const { bytes, u64 } = one.reach(end + 8);
  expect(bytes.length).toBe(end + 65536);
  expect(u64[end / 8]).toBe(0n);
  expect(one.reach(8)).toBe(one.all);
});
