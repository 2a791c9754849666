// A layer goes when its last entry does, and a root that has one child hands its role down, however the
// removals meet. `verify` allows those that stay, so these look at what is left.
import { Explorer, ReplayScheduler } from "@tooling/interleave";
import { expect, test } from "vitest";
import { coreNamed } from "./named.ts";
import { remove, type TreeOperation } from "./operations.ts";
import { treeProgram } from "./program.ts";
import { p } from "./shape.ts";

const key = (index: number): string => `${p}${100 + index}`;
const keys = (...list: number[]): string[] => list.map(key);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** What is left after every schedule in which the second thread runs between two steps of the first. */
async function leftovers(
  threads: readonly (readonly TreeOperation[])[],
  map: { keys: string[]; removed: string[] },
): Promise<string[]> {
  const program = treeProgram({ name: "empty layers", threads, maxSteps: 100_000, ...map });
  const explorer = new Explorer(await coreNamed("tree-3"), program);
  const { machine } = explorer;
  const call = (name: string) => Number(machine.call(machine.observer, name));
  const found = new Set<string>();
  let steps = 0;
  for (let last = Number.POSITIVE_INFINITY; steps <= last; steps++) {
    const decisions = [{ thread: 0, step: steps, next: 1 }];
    const run = explorer.run(new ReplayScheduler({ decisions, crashes: [] }));
    expect(run.failure).toBeUndefined();
    last = run.threadSteps[0]!;
    call("quiesce");
    found.add(
      `leaves ${call("leaves")}, internodes ${call("internodes")}, layers ${call("layers")}`,
    );
  }
  expect(steps).toBeGreaterThan(100);
  return [...found];
}

test("a node that loses its second child just before it would become the root does not become it", async () => {
  // Three levels, of which nearly all goes; each thread removes the last entry of a leaf.
  const map = { keys: ["zz", ...keys(...upTo(13))], removed: keys(1, 2, 4, 5, 6, 7, 8, 9, 10, 11) };
  const threads = [[remove(key(12))], [remove(key(3))]];
  expect(await leftovers(threads, map)).toEqual(["leaves 2, internodes 0, layers 2"]);
});
