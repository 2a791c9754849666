import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RaceChecker } from "../src/checkers/race.ts";
import type { RaceRule } from "../src/checkers/rules.ts";
import type { Site } from "../src/instrument.ts";
import { Kind } from "../src/wasm/access.ts";

type Action = "read" | "write" | "load" | "store" | "add";

interface Step {
  readonly thread: number;
  readonly does: Action;
  readonly at: number;
  readonly width: number;
}

const sites: Site[] = [0, 1, 2].map((thread) => ({
  kind: Kind.PlainLoad,
  width: 4,
  function: `thread${thread}`,
  offset: thread,
  body: [0, 3],
}));

/** The number of the first step that races, 0 for none. Steps are numbered from 1. */
function firstRace(steps: readonly Step[], rules: readonly RaceRule[] = []): number {
  const checker = new RaceChecker({
    threads: 3,
    bytes: 4096,
    rules,
    sites,
    describe: (site) => sites[site]!.function,
    siteOf: (step) => steps[step - 1]!.thread,
  });
  checker.reset();
  for (const [index, { thread, does, at, width }] of steps.entries()) {
    const step = index + 1;
    try {
      if (does === "read") checker.plainRead(thread, step, at, width);
      else if (does === "write") checker.plainWrite(thread, step, at, width);
      else if (does === "load") checker.atomicRead(thread, step, at, width);
      else checker.atomicWrite(thread, step, at, width, does === "add");
    } catch {
      return step;
    }
  }
  return 0;
}

const step = (thread: number, does: Action, at: number, width = 4): Step => ({
  thread,
  does,
  at,
  width,
});

describe("ordered accesses do not race", () => {
  test("a block that is filled before its address is published", () => {
    const steps = [
      step(0, "write", 0),
      step(0, "store", 64),
      step(1, "load", 64),
      step(1, "read", 0),
    ];
    expect(firstRace(steps)).toBe(0);
  });

  test("a counter under a lock that goes from thread to thread", () => {
    const section = (thread: number) => [
      step(thread, "add", 64),
      step(thread, "read", 0),
      step(thread, "write", 0),
      step(thread, "store", 64),
    ];
    expect(firstRace([...section(0), ...section(1), ...section(2), ...section(0)])).toBe(0);
  });

  test("order goes through a third thread", () => {
    const steps = [
      step(0, "write", 0),
      step(0, "store", 64),
      step(1, "load", 64),
      step(1, "store", 72),
      step(2, "load", 72),
      step(2, "write", 0),
    ];
    expect(firstRace(steps)).toBe(0);
  });

  test("order goes through a read-modify-write of another thread", () => {
    const steps = [
      step(0, "write", 0),
      step(0, "store", 64),
      step(1, "add", 64),
      step(2, "load", 64),
      step(2, "read", 0),
    ];
    expect(firstRace(steps)).toBe(0);
  });

  test("atomics of the same bytes, and reads of the same bytes", () => {
    const steps = [step(0, "store", 0), step(1, "store", 0), step(2, "add", 0), step(0, "load", 0)];
    expect(firstRace(steps)).toBe(0);
    expect(firstRace([step(0, "read", 0), step(1, "read", 0), step(2, "load", 0)])).toBe(0);
  });

  test("neighbouring bytes", () => {
    expect(
      firstRace([step(0, "write", 0, 1), step(1, "write", 1, 1), step(2, "write", 2, 2)]),
    ).toBe(0);
  });
});

describe("unordered accesses race", () => {
  test.each([
    ["two plain writes", "write", "write"],
    ["a plain read of a plain write", "write", "read"],
    ["a plain write of what was read plainly", "read", "write"],
    ["an atomic read of a plain write", "write", "load"],
    ["a plain read of an atomic write", "store", "read"],
    ["a plain write after an atomic write", "store", "write"],
    ["a plain write after an atomic read", "load", "write"],
    ["an atomic write after a plain read", "read", "store"],
    ["a read-modify-write after a plain write", "write", "add"],
  ] as const)("%s", (_, first, second) => {
    expect(firstRace([step(0, first, 8), step(1, second, 8)])).toBe(2);
    // Also when only one byte is the same.
    expect(firstRace([step(0, first, 8, 8), step(1, second, 15, 1)])).toBe(2);
    expect(firstRace([step(0, first, 15, 1), step(1, second, 8, 8)])).toBe(2);
  });

  test("when the address was published before the block was filled", () => {
    const steps = [
      step(0, "store", 64),
      step(0, "write", 0),
      step(1, "load", 64),
      step(1, "read", 0),
    ];
    expect(firstRace(steps)).toBe(4);
  });

  test("when the load came before the store that would order them", () => {
    const steps = [
      step(1, "load", 64),
      step(0, "write", 0),
      step(0, "store", 64),
      step(1, "read", 0),
    ];
    expect(firstRace(steps)).toBe(4);
  });

  test("when a store of a third thread came over the one that would order them", () => {
    const steps = [
      step(0, "write", 0),
      step(0, "store", 64),
      step(2, "store", 64),
      step(1, "load", 64),
      step(1, "read", 0),
    ];
    expect(firstRace(steps)).toBe(5);
  });

  test("when atomics overlap without being of the same bytes", () => {
    expect(firstRace([step(0, "store", 0, 8), step(1, "store", 0, 4)])).toBe(2);
    expect(firstRace([step(0, "store", 0, 8), step(1, "load", 4, 4)])).toBe(0);
    expect(firstRace([step(0, "load", 0, 8), step(1, "load", 4, 4)])).toBe(0);
  });
});

test("a rule allows a pair, and nothing else", () => {
  const rule: RaceRule = {
    name: "peek",
    reason: "thrown away",
    allows: (earlier, later) => earlier.function === "thread0" && later.function === "thread1",
  };
  expect(firstRace([step(0, "write", 8), step(1, "read", 8)], [rule])).toBe(0);
  expect(firstRace([step(0, "write", 8), step(2, "read", 8)], [rule])).toBe(2);
});

// The same, the slow way: happens-before as a graph over all pairs of steps.
function slowFirstRace(steps: readonly Step[]): number {
  const isAtomic = ({ does }: Step) => does !== "read" && does !== "write";
  const writes = ({ does }: Step) => does === "write" || does === "store" || does === "add";
  const reads = ({ does }: Step) => does !== "write" && does !== "store";
  const bytes = ({ at, width }: Step) => Array.from({ length: width }, (_, index) => at + index);
  const before: boolean[][] = steps.map(() => steps.map(() => false));
  for (const [later, after] of steps.entries()) {
    const direct = new Set<number>();
    for (let earlier = 0; earlier < later; earlier++) {
      if (steps[earlier]!.thread === after.thread) direct.add(earlier);
    }
    if (isAtomic(after) && reads(after)) {
      for (const byte of bytes(after)) {
        const last = steps
          .slice(0, later)
          .findLastIndex((step) => writes(step) && bytes(step).includes(byte));
        if (last >= 0 && isAtomic(steps[last]!)) direct.add(last);
      }
    }
    for (const earlier of direct) {
      before[earlier]![later] = true;
      for (let first = 0; first < earlier; first++) {
        if (before[first]![earlier]) before[first]![later] = true;
      }
    }
    for (let earlier = 0; earlier < later; earlier++) {
      const other = steps[earlier]!;
      if (other.thread === after.thread || before[earlier]![later]) continue;
      if (isAtomic(other) && isAtomic(after)) continue;
      if (!writes(other) && !writes(after)) continue;
      if (bytes(other).some((byte) => bytes(after).includes(byte))) return later + 1;
    }
  }
  return 0;
}

test("the checker agrees with a graph of all steps, for aligned accesses of mixed widths", () => {
  const steps = fc.array(
    fc.record({
      thread: fc.nat(2),
      does: fc.constantFrom<Action>("read", "write", "load", "store", "add"),
      at: fc.constantFrom(0, 8),
      width: fc.constantFrom(1, 4, 8),
    }),
    { maxLength: 14 },
  );
  fc.assert(
    fc.property(steps, (list) => {
      // Atomics keep to one width, so that none is mixed.
      const same = list.map((step) =>
        step.does === "read" || step.does === "write" ? step : { ...step, width: 4 },
      );
      expect(firstRace(same)).toBe(slowFirstRace(same));
    }),
    { numRuns: 1000 },
  );
});
