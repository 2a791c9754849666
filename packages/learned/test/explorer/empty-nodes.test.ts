// A node without entries goes, however removals, inserts and rebuilds meet, and whoever removes the last one waits for no one
// who does not run. `verify` allows nodes that stay, so these look at what is left.
import { coreOf, Explorer, parseSchedule, ReplayScheduler } from "@tooling/interleave";
import { describe, expect, test } from "vitest";
import { mark, type TreeOperation } from "../../../tree/test/explorer/operations.ts";
import { treeProgram } from "../../../tree/test/explorer/program.ts";
import { targetNamed } from "./named.ts";
import { clear, rebuild, remove, set } from "./operations.ts";
import { shapes } from "./shapes.ts";

const target = targetNamed("learned");
const shapeNamed = (name: string) => shapes.find((shape) => shape.name === name)!;

/** What is left after every schedule in which the second thread runs between two steps of the first. */
async function leftovers(
  shape: string,
  threads: readonly (readonly TreeOperation[])[],
): Promise<string[]> {
  const program = treeProgram({ ...shapeNamed(shape), name: "empty nodes", threads });
  const explorer = new Explorer(await coreOf(target), program);
  const { machine } = explorer;
  const call = (name: string) => Number(machine.call(machine.observer, name));
  const found = new Set<string>();
  let steps = 0;
  for (let last = Number.POSITIVE_INFINITY; steps <= last; steps++) {
    const decisions = [{ thread: 0, step: steps, next: 1 }];
    const run = explorer.run(new ReplayScheduler({ decisions, crashes: [] }));
    expect(run.failure).toBeUndefined();
    last = run.threadSteps[0]!;
    found.add(`${call("size")} entries, ${call("internodes")} nodes`);
  }
  expect(steps).toBeGreaterThan(100);
  return [...found];
}

const [one, two] = ["the last entry of a node", "the last entry of two nodes"];
const nothing = "0 entries, 0 nodes";

test.each<[string, readonly (readonly TreeOperation[])[]]>([
  [one, [[remove("h")], [set("b", 1n), remove("b")]]],
  [one, [[set("b", 1n), remove("b")], [remove("h")]]],
  [two, [[remove("a")], [rebuild]]],
  [two, [[rebuild], [remove("a")]]],
  [two, [[remove("a")], [set("f", 1n), remove("f")]]],
  [two, [[set("b", 1n), remove("b")], [remove("a")]]],
])("nothing is left of %s", async (shape, threads) => {
  expect(await leftovers(shape, threads)).toEqual([nothing]);
});

// Found by the explorer: the clearing thread looked again and again at the empty node, in a line that the other one had
// frozen, and gave that one neither time nor, if it was dead, its end.
describe("whoever has emptied a node that another thread rebuilds", () => {
  const shape = shapeNamed("a conflict that is too deep");
  // Thread 0 has frozen lines of the first node, and stops.
  const frozen = "0@645";

  test("waits for that one", async () => {
    const threads = [[set("a", 1n)], [clear]];
    const program = treeProgram({ ...shape, name: "waits", threads });
    const explorer = new Explorer(await coreOf(target), program);
    expect(explorer.replay(parseSchedule(`${frozen}>1`)).failure).toBeUndefined();
  });

  test("recovers that one if it is dead", async () => {
    const program = treeProgram({
      ...shape,
      name: "recovers",
      threads: [[set("a", 1n)], [mark([0]), clear]],
      after: [[], [0]],
      hasDeaths: true,
    });
    const explorer = new Explorer(await coreOf(target), program);
    expect(explorer.replay(parseSchedule(`${frozen}!`)).failure).toBeUndefined();
    const { machine } = explorer;
    expect(Number(machine.call(machine.observer, "internodes"))).toBe(0);
  });
});
