// Litmus tests: everything that a few threads may read by WebAssembly's memory model, in every schedule of up to
// four preemptions and a few reads of older values.
import { seed } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { Explorer, type Program } from "../src/explore.ts";
import { parseSchedule } from "../src/schedule.ts";
import { litmusCore, outcomesOf, programOf } from "./litmus-core.ts";

/** As `outcomesOf`, of all schedules. */
async function outcomes(
  calls: Parameters<typeof outcomesOf>[1],
  bounds?: Parameters<typeof outcomesOf>[2],
): Promise<readonly string[]> {
  const { outcomes: found, complete } = outcomesOf(await litmusCore(), calls, bounds);
  expect(complete).toBe(true);
  return found;
}

const all = ["00", "01", "10", "11"];

describe("publish, then read", () => {
  const send = ["storeX 1", "storeYAtomically 1"];
  const sendPlainly = ["storeX 1", "storeY 1"];
  const receive = ["loadYAtomically", "loadX"];
  const receivePlainly = ["loadY", "loadX"];

  test("who sees an atomic flag sees what was written before it", async () => {
    expect(await outcomes([send, receive])).toEqual(["00", "01", "11"]);
  });

  test.each([
    ["stored", sendPlainly, receive],
    ["loaded", send, receivePlainly],
    ["stored and loaded", sendPlainly, receivePlainly],
  ])("who sees a flag that is plainly %s may not", async (_, sender, receiver) => {
    expect(await outcomes([sender, receiver])).toEqual(all);
    expect(await outcomes([sender, receiver], { stale: 0 })).toEqual(["00", "01", "11"]);
  });

  test("an atomic flag that is read with another width orders nothing", async () => {
    const sender = ["storeX 1", "storeHalfOfYAtomically 1"];
    expect(await outcomes([sender, receive])).toEqual(all);
  });
});

describe("store buffering", () => {
  test("of two threads that store and then load atomically, one sees the other", async () => {
    const first = ["storeXAtomically 1", "loadYAtomically"];
    const second = ["storeYAtomically 1", "loadXAtomically"];
    expect(await outcomes([first, second])).toEqual(["0 1", "1 0", "1 1"]);
  });

  test.each([
    ["plain accesses", ["storeX 1", "loadY"], ["storeY 1", "loadX"]],
    ["plain stores", ["storeX 1", "loadYAtomically"], ["storeY 1", "loadXAtomically"]],
    ["plain loads", ["storeXAtomically 1", "loadY"], ["storeYAtomically 1", "loadX"]],
  ])("with %s neither may", async (_, first, second) => {
    expect(await outcomes([first, second])).toEqual(["0 0", "0 1", "1 0", "1 1"]);
  });
});

test("not covered: plain loads that see what is stored after them in a circle", async () => {
  // The model allows "1 1" as well.
  const found = await outcomes([
    ["loadX", "storeY 1"],
    ["loadY", "storeX 1"],
  ]);
  expect(found).toEqual(["0 0", "0 1", "1 0"]);
});

describe("coherence", () => {
  test("two atomic loads see the values of a word in order", async () => {
    const reader = ["loadXAtomically", "loadXAtomically"];
    expect(await outcomes([["storeXAtomically 1"], reader])).toEqual(["00", "01", "11"]);
  });

  test("two plain loads may see them the other way round", async () => {
    expect(await outcomes([["storeX 1"], ["loadX", "loadX"]])).toEqual(all);
  });

  test("a thread sees nothing older than what it has stored", async () => {
    expect(await outcomes([["storeX 1"], ["storeX 2", "loadX"]])).toEqual(["1", "2"]);
  });

  test("atomic stores of one word are seen by all in one order", async () => {
    const writers = [["storeXAtomically 1"], ["storeXAtomically 2"]];
    const readers = [
      ["loadXAtomically", "loadXAtomically"],
      ["loadXAtomically", "loadXAtomically"],
    ];
    const found = await outcomes([...writers, ...readers], { preemptions: 3 });
    expect(found).toContain("12 12");
    expect(found).not.toContain("12 21");
    expect(found).not.toContain("21 12");
  });
});

describe("independent loads of independent stores", () => {
  const writers = [["storeXAtomically 1"], ["storeYAtomically 1"]];

  test("atomic loads agree on their order", async () => {
    const readers = [
      ["loadXAtomically", "loadYAtomically"],
      ["loadYAtomically", "loadXAtomically"],
    ];
    const found = await outcomes([...writers, ...readers]);
    expect(found).toContain("11 10");
    expect(found).not.toContain("10 10");
  });

  test("plain loads need not", async () => {
    const readers = [
      ["loadX", "loadY"],
      ["loadY", "loadX"],
    ];
    const found = await outcomes([...writers, ...readers], { stale: 2, preemptions: 1 });
    expect(found).toContain("10 10");
  });
});

describe("a plain access passes an atomic one of another word", () => {
  test.each([
    ["a plain store an atomic store before it", ["storeYAtomically 1", "storeX 1"]],
    ["a plain load an atomic load after it", ["storeYAtomically 1", "loadZAtomically", "storeX 1"]],
  ])("%s", async (_, writer) => {
    const reader = ["loadX", "loadYAtomically"];
    const found = await outcomes([writer, reader]);
    expect(found.map((word) => word.slice(-2))).toContain("10");
  });

  test("but atomic loads of one word stay in order", async () => {
    const writer = ["storeYAtomically 1", "storeX 1"];
    const found = await outcomes([writer, ["loadX", "loadYAtomically", "loadYAtomically"]]);
    expect(found).toContain("101");
    expect(found).not.toContain("110");
  });
});

describe("version check around reads", () => {
  const whole = ["0", "11", "99"];

  test("passes with atomics", async () => {
    expect(await outcomes([["writePair"], ["readPair"]])).toEqual(whole);
  });

  test("passes if only the second load of the version is plain", async () => {
    expect(await outcomes([["writePair"], ["readPairCheckedPlainly"]])).toEqual(whole);
  });

  test("without a check, a torn pair is found, in any memory", async () => {
    const found = await outcomes([["writePair"], ["readPairUnchecked"]], { stale: 0 });
    expect(found).toContain("1");
  });

  test.each([
    ["data", "writePairOfPlainData", "readPairOfPlainData"],
    ["version", "writePairOfPlainVersion", "readPairOfPlainVersion"],
  ])("with a plain %s, a torn pair is found, in weak memory only", async (_, write, read) => {
    expect(await outcomes([[write], [read]], { stale: 0 })).toEqual(whole);
    const found = await outcomes([[write], [read]]);
    expect(found.filter((pair) => !whole.includes(pair))).not.toEqual([]);
  });
});

describe("pin, then load", () => {
  const bounds = { setup: "install" };

  test("with an atomic pin, no block is used again under a reader", async () => {
    expect(await outcomes([["pinAndRead"], ["unlinkAndReuse"]], bounds)).toEqual(["7"]);
  });

  test("with a plain pin, it is, in weak memory only", async () => {
    const calls = [["pinPlainlyAndRead"], ["unlinkAndReuse"]];
    expect(await outcomes(calls, { ...bounds, stale: 0 })).toEqual(["7"]);
    expect(await outcomes(calls, { ...bounds, stale: 1 })).toEqual(["7", "8"]);
  });
});

describe("eight bytes", () => {
  test.each([
    ["that are stored plainly", "storeWide", "loadWide"],
    ["that are stored atomically", "storeWideAtomically", "loadWide"],
    ["that are copied", "storeWideAtomically", "copyWide"],
  ])("%s may be read in halves", async (_, write, read) => {
    expect(await outcomes([[write], [read]])).toEqual(["0", "1", "10", "11"]);
  });

  test("that are stored and loaded atomically may not", async () => {
    const found = await outcomes([["storeWideAtomically"], ["loadWideAtomically"]]);
    expect(found).toEqual(["0", "11"]);
  });
});

test("a lock that is given back by a plain store loses what it guards", async () => {
  expect(await outcomes([["count"], ["count"]])).not.toContain("0 0");
  const plainly = [["countUnlockingPlainly"], ["countUnlockingPlainly"]];
  expect(await outcomes(plainly)).toContain("0 0");
  expect(await outcomes(plainly, { stale: 0 })).not.toContain("0 0");
});

describe("a finding", () => {
  const program: Program = {
    ...programOf([
      ["storeX 1", "storeY 1"],
      ["loadY", "loadX"],
    ]),
    check: (_, { history }) => {
      const [flag, data] = history.filter(({ thread }) => thread === 1);
      return flag?.result === 1 && data?.result === 0 ? "the message is missing" : undefined;
    },
  };

  test.each([
    { kind: "exhaustive", preemptions: 1, stale: 1 },
    { kind: "random", seed, schedules: 2000, stale: 3 },
    { kind: "pct", seed, schedules: 2000, stale: 3 },
  ] as const)("of $kind schedules is short, and replays", async (strategy) => {
    const explorer = new Explorer(await litmusCore(), program);
    const { finding } = explorer.explore(strategy);
    expect(finding?.schedule).toBe("1@1~1");
    const { failure } = explorer.replay(parseSchedule(finding!.schedule));
    expect(failure?.message).toBe("the message is missing");
    expect([...explorer.machine.trace()].at(-1)).toContain("reads what was there before step 1");
    expect(explorer.replay(parseSchedule("default")).failure).toBeUndefined();
  });

  test("needs reads of older values", async () => {
    const explorer = new Explorer(await litmusCore(), program);
    const { finding, choices } = explorer.explore({ kind: "exhaustive", preemptions: 4 });
    expect(finding).toBeUndefined();
    expect(choices).toBe(0);
  });
});

test.each([
  [[["storeX 1", "storeYAtomically 1"], ["loadXIfY"]]],
  [
    [
      ["storeXAtomically 1", "loadYAtomically"],
      ["storeYAtomically 1", "loadXAtomically"],
    ],
  ],
  [[["writePair"], ["readPair"]]],
  [[["count"], ["count"]]],
])("where the race checker finds nothing, no read has a choice: %j", async (calls) => {
  const program = programOf(calls);
  const { initialPages, limitPages } = program.machine;
  const explorer = new Explorer(await litmusCore(), {
    ...program,
    machine: { initialPages, limitPages },
  });
  const { choices, finding } = explorer.explore({ kind: "exhaustive", preemptions: 4, stale: 3 });
  expect(finding).toBeUndefined();
  expect(choices).toBe(0);
});
