import { describe, expect, test } from "vitest";
import { Explorer, type Program } from "../src/explore.ts";
import type { Operation } from "../src/machine/program.ts";
import { parseSchedule } from "../src/schedule.ts";
import { ReplayScheduler } from "../src/schedulers/scheduler.ts";
import { fixtureCore, machine, op, threads } from "./fixtures.ts";

async function explorer(program: Omit<Program, "name">, bug = 0): Promise<Explorer> {
  return new Explorer(await fixtureCore(bug), { name: "waiting", ...program });
}

const neverSwitch = new ReplayScheduler({ decisions: [], crashes: [] });

const results = (run: { history: readonly { result: unknown }[] }) =>
  run.history.map(({ result }) => result);

test("who waits goes on when notified", async () => {
  const it = await explorer({ threads: threads([op("waitForever")], [op("wakeAll")]), machine });
  const run = it.replay(parseSchedule("default"));
  expect(run.failure).toBeUndefined();
  expect(results(run)).toEqual([0, 1]);
});

test("who waits without end and is never notified is a deadlock", async () => {
  const it = await explorer({ threads: threads([op("waitForever")], [op("wakeAll")]), machine });
  const run = it.replay(parseSchedule("-@0>1"));
  expect(run.failure?.kind).toBe("deadlock");
});

describe("of two sleepers", () => {
  const program = {
    threads: threads([op("waitForever")], [op("waitBriefly")], [op("wakeOne")]),
    machine: { ...machine, timeouts: "early" },
    // Only the second can do without being woken.
    check: (_: unknown, { history }: { history: readonly { result: unknown }[] }) =>
      history[1]!.result === 2 ? "the second timed out" : undefined,
  } as const;

  test("the lower-numbered wakes first, unless the schedule says otherwise", async () => {
    const it = await explorer(program);
    const first = it.replay(parseSchedule("default"));
    expect(first.failure?.message).toContain("waits to be notified");
    expect(results(first)).toEqual([0, undefined, 1]);
    const second = it.replay(parseSchedule("2@0^1"));
    expect(results(second)).toEqual([undefined, 0, 1]);
    expect(second.decisions).toEqual([{ thread: 2, step: 0, wakes: 1 }]);
  });

  test.each([
    { kind: "exhaustive", preemptions: 0 },
    { kind: "random", seed: 1, schedules: 50 },
    { kind: "pct", seed: 1, schedules: 50 },
  ] as const)("either wakes first in a search that is $kind", async (strategy) => {
    const second = new Set<boolean>();
    const it = await explorer({
      threads: threads([op("waitBriefly")], [op("waitBriefly")], [op("wakeOne")]),
      machine,
      check: (_, { decisions }) => {
        second.add(decisions.some((decision) => "wakes" in decision));
        return undefined;
      },
    });
    expect(it.explore(strategy).finding).toBeUndefined();
    expect(second.size).toBe(2);
  });
});

test("a forgotten sleeper is a deadlock, if waits time out only early", async () => {
  const it = await explorer({
    threads: threads([op("waitBriefly")], [op("increment")]),
    machine: { ...machine, timeouts: "early" },
  });
  expect(it.replay(parseSchedule("default")).failure?.kind).toBe("deadlock");
  const early = it.replay(parseSchedule("0@1>0"));
  expect(early.failure).toBeUndefined();
  expect(results(early)).toEqual([2, undefined]);
});

test("who finds another value does not wait", async () => {
  const it = await explorer({ threads: threads([op("waitForever")], [op("increment")]), machine });
  const run = it.replay(parseSchedule("-@0>1"));
  expect(results(run)).toEqual([undefined, 1]);
});

test("what is looked at after a call is no step, though another thread writes it", async () => {
  const looking: Operation = {
    ...op("increment"),
    after: (machine) => machine.threads[0]!.function("counter")(),
  };
  const it = await explorer({
    threads: threads([looking], [op("increment")]),
    machine,
    check: (_, { history }) => {
      const seen = history.find(({ operation }) => operation === looking)!.result as number;
      return [1, 2].includes(seen) ? undefined : `the counter was ${seen}`;
    },
  });
  const { finding, complete } = it.explore({ kind: "exhaustive", preemptions: 2 });
  expect(finding).toBeUndefined();
  expect(complete).toBe(true);
});

test("a wait with a timeout ends when no one else can go on", async () => {
  const it = await explorer({ threads: threads([op("waitBriefly")], [op("increment")]), machine });
  const run = it.replay(parseSchedule("default"));
  expect(results(run)).toEqual([2, undefined]);
  expect(run.history[0]!.returned).toBeGreaterThanOrEqual(run.history[1]!.returned);
});

test("a wait with a timeout may end early, a bounded number of times", async () => {
  const it = await explorer({ threads: threads([op("waitBriefly")], [op("increment")]), machine });
  const early = it.replay(parseSchedule("-@0>0 0@1>0"));
  expect(early.failure).toBeUndefined();
  const { schedules, complete } = it.explore({ kind: "exhaustive", preemptions: 2 });
  expect(complete).toBe(true);
  expect(schedules).toBeGreaterThan(2);
});

test("without timeouts, a wait that only its end would finish is a deadlock", async () => {
  const it = await explorer({
    threads: threads([op("waitBriefly")], [op("increment")]),
    machine: { ...machine, timeouts: "never" },
  });
  expect(it.replay(parseSchedule("default")).failure?.kind).toBe("deadlock");
});

describe("a thread that spins", () => {
  // retract waits in a loop for the readers to leave.
  const program = {
    threads: threads([op("readGuarded")], [op("retract")]),
    machine,
    setup: (it: Explorer["machine"]) => {
      it.call(it.observer, "install");
    },
  };

  test("is left alone until what it looks at is written", async () => {
    const it = await explorer(program);
    // The reader is stopped inside, then the writer spins: the reader has to go on by itself.
    const run = it.replay(parseSchedule("0@1>1"));
    expect(run.failure).toBeUndefined();
    expect(run.threadSteps[1]).toBeLessThan(20);
  });

  test("leaves a finite number of schedules", async () => {
    const it = await explorer(program);
    const { complete, finding } = it.explore({ kind: "exhaustive", preemptions: 6 });
    expect(complete).toBe(true);
    expect(finding).toBeUndefined();
  });

  test("and whose partner died makes no progress", async () => {
    const it = await explorer({ ...program, machine: { ...machine, maxSteps: 500 } });
    // The reader dies while it counts itself in.
    const run = it.replay(parseSchedule("0@1!"));
    expect(run.failure?.kind).toBe("no-progress");
  });
});

describe("a crash", () => {
  const lockers = threads([op("lockedIncrement")], [op("lockedIncrement")]);

  test("stops a thread for good before the given step", async () => {
    const it = await explorer({
      threads: threads([op("publish", 5)], [op("readPublished")]),
      machine,
    });
    const run = it.replay(parseSchedule("0@2!"));
    expect(run.threadSteps[0]).toBe(2);
    expect(it.machine.isDead(0)).toBe(true);
    expect(run.history[0]!.returned).toBe(Number.POSITIVE_INFINITY);
    // The pointer was not stored yet.
    expect(run.history[1]!.result).toBe(-1);
  });

  test("of a lock's holder leaves the others waiting", async () => {
    const it = await explorer({ threads: lockers, machine });
    const kinds: (string | undefined)[] = [];
    for (let step = 0; ; step++) {
      const run = it.run(neverSwitch, [{ thread: 0, step }]);
      if (!it.machine.isDead(0)) break;
      kinds.push(run.failure?.kind);
    }
    // Before the compare-and-swap and after the exchange, all is well; in between, nobody wakes up.
    expect(kinds[0]).toBeUndefined();
    expect(kinds.slice(1)).toContain("deadlock");
  });

  test("lets a thread begin that comes after the dead one", async () => {
    const [first, second] = threads([op("publish", 5)], [op("readPublished")]);
    const it = await explorer({ threads: [first!, { ...second!, after: [0] }], machine });
    for (let step = 0; step < 3; step++) {
      const run = it.replay(parseSchedule(`0@${step}!`));
      expect(run.failure).toBeUndefined();
      expect(run.history.at(-1)!.result).toBe(-1);
    }
    const alive = it.replay(parseSchedule("default"));
    expect(alive.history.at(-1)!.result).toBe(5);
    // What the first did is ordered before what the second does: no race.
    expect(alive.failure).toBeUndefined();
  });
});
