import { expect, test } from "vitest";
import { exploreCrashes } from "../src/crashes.ts";
import { Explorer, type Program } from "../src/explore.ts";
import { randomNumbers } from "../src/random.ts";
import { parseSchedule } from "../src/schedule.ts";
import { fixtureCore, machine, op, threads } from "./fixtures.ts";

// A publisher that may die, then two readers one after the other, of which the first may die too.
const [publisher, reader, last] = threads(
  [op("publish", 7)],
  [op("readPublished")],
  [op("readPublished")],
);

const publication: Program = {
  name: "publication, with deaths",
  threads: [publisher!, { ...reader!, after: [0] }, { ...last!, after: [1] }],
  machine,
  check: (_, { history }) => {
    const wrong = history.filter(
      ({ operation, returned, result }) =>
        operation.call === "readPublished" && returned < Infinity && result !== -1 && result !== 7,
    );
    return wrong.length === 0 ? undefined : `a reader saw ${wrong[0]!.result}`;
  },
};

test("a publisher that fills the block first may die anywhere", async () => {
  const explorer = new Explorer(await fixtureCore(), publication);
  const { points, finding } = exploreCrashes(explorer, [0]);
  expect(finding).toBeUndefined();
  // Before each of its three stores, and once without dying. After the last one it has returned.
  expect(points).toBe(4);
});

test("every crash point of the second is tried for every one of the first", async () => {
  const counters: Program = {
    name: "two counters",
    threads: threads([op("increment"), op("increment")], [op("increment")], [op("increment")]).map(
      (thread, id) => (id === 0 ? thread : { ...thread, after: [id - 1] }),
    ),
    machine,
  };
  const explorer = new Explorer(await fixtureCore(), counters);
  const { points, finding, complete } = exploreCrashes(explorer, [0, 1]);
  expect(finding).toBeUndefined();
  expect(complete).toBe(true);
  // The first survives, or dies before its first or second write; then the second survives or dies.
  expect(points).toBe(1 + 2 * (1 + 1));
});

test("to die before a read is not tried: it is to die before the next write", async () => {
  const explorer = new Explorer(await fixtureCore(1), {
    name: "load and store",
    threads: threads([op("increment")], [op("counter")]),
    machine,
  });
  expect(exploreCrashes(explorer, [0]).points).toBe(2);
  expect(explorer.machine.writingSteps(0)).toEqual([]);
});

test.each([1, 2, 3])(
  "every point is tried in an order that is drawn, too: seed %i",
  async (seed) => {
    const explorer = new Explorer(await fixtureCore(), publication);
    const random = randomNumbers(seed);
    const drawn = exploreCrashes(explorer, [0, 1], { random });
    expect(drawn).toEqual(exploreCrashes(explorer, [0, 1]));
  },
);

test("a deadline ends it", async () => {
  const explorer = new Explorer(await fixtureCore(), publication);
  expect(exploreCrashes(explorer, [0], { deadline: performance.now() }).complete).toBe(false);
});

test("a publisher that publishes first is found out, and the finding replays", async () => {
  const explorer = new Explorer(await fixtureCore(4), publication);
  const { finding } = exploreCrashes(explorer, [0]);
  expect(finding?.schedule).toBe("0@1!");
  expect(finding?.failure.message).toBe("a reader saw 0");
  expect(explorer.replay(parseSchedule(finding!.schedule)).failure?.kind).toBe("check");
});
