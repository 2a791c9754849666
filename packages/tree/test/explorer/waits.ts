// Programs of threads that wait for keys. A sleep has no end but a signal: a wake-up that is lost is a deadlock.
//
// In programs with deaths, a write may be absent because its thread died. So the thread that recovers sets the key
// as well, but only if it is not there: that wakes nobody if the dead one's write is whole, and then its recovery has to.
import type { CrashProgram, Program } from "@tooling/interleave/catalog";
import {
  add,
  bury,
  calling,
  insert,
  mark,
  remove,
  replace,
  set,
  type TreeOperation,
  waitFor,
} from "./operations.ts";
import { type TreeProgramOptions, treeProgram } from "./program.ts";
import { everySecond, p } from "./shape.ts";

type Threads = readonly (readonly TreeOperation[])[];

const namesOf = (threads: Threads) =>
  threads.map((calls) => calls.map(({ name }) => name).join(", ")).join(" | ");

function waits(keys: readonly string[], ...threads: Threads): Program {
  const start = keys.length === 0 ? "nothing" : keys.join(" ");
  return treeProgram({ name: `waiting, ${start}: ${namesOf(threads)}`, keys, threads });
}

/** Waits and writes of all kinds, for a leaf of `width` entries. */
export function waitPrograms(width: number): Program[] {
  const full = everySecond(width);
  return [
    waits([], [waitFor("a")], [set("a", 1n)]),
    waits([], [waitFor("a")], [insert("a", 1n)]),
    waits([], [waitFor("a")], [add("a", 1n)]),
    waits(["b"], [waitFor("b", 2n)], [set("b", 1n), set("b", 2n)]),
    waits(["b"], [waitFor("b", 2n)], [replace("b", 2n)]),
    waits(["b"], [remove("b"), set("d", 1n), waitFor("b")], [waitFor("d"), set("b", 1n)]),
    waits([], [waitFor("a"), waitFor("c")], [set("a", 1n), set("c", 2n)]),
    // Two that wait for one key, or for two; one that goes while another comes.
    waits([], [waitFor("a")], [waitFor("a")], [set("a", 1n)]),
    waits([], [waitFor("a")], [waitFor("c")], [set("a", 1n), set("c", 2n)]),
    waits([], [waitFor("a"), set("c", 2n)], [waitFor("c")], [set("a", 1n)]),
    waits([], [waitFor("a"), waitFor("a", 2n)], [set("a", 1n)], [waitFor("a"), set("a", 2n)]),
    // One begins to wait while another stops.
    waits(["b"], [waitFor("b"), set("b", 2n)], [waitFor("b", 2n)]),
    waits(["b"], [waitFor("b", 2n)], [waitFor("b"), set("b", 2n)]),
    // Writes that split, make a layer, or give one a new root.
    waits(full, [waitFor("c")], [set("c", 1n)]),
    waits([`${p}x`], [waitFor(`${p}y`)], [set(`${p}y`, 1n)]),
    waits(
      full.map((key) => p + key),
      [waitFor(`${p}c`)],
      [set(`${p}c`, 1n)],
    ),
    // A participant that leaves while others wait.
    waits([], [waitFor("a")], [waitFor("a"), calling("cycle")], [set("a", 1n)]),
  ];
}

function crash(
  victims: readonly number[],
  threads: Threads,
  after: TreeProgramOptions["after"] & {},
  overlaps?: number,
): CrashProgram {
  const deaths = victims.length === 1 ? "one death" : "two deaths";
  const among = overlaps === undefined ? deaths : "a death among others";
  const program = treeProgram({
    name: `${among}, waiting: ${namesOf(threads)}`,
    keys: [],
    threads,
    after,
    maxSteps: 400_000,
    hasDeaths: true,
    ...(overlaps !== undefined && { overlaps }),
  });
  return { victims, program };
}

/** One that writes dies while another sleeps; one that waits dies. */
export function waitCrashes(): CrashProgram[] {
  const waiter = [waitFor("a")];
  const writer = [set("a", 1n)];
  const heir = (...dead: number[]) => [bury(dead), insert("a", 2n)];
  const second = [[], [], [1]];
  return [
    crash([1], [waiter, writer, heir(1)], second),
    crash([1, 2], [waiter, writer, heir(1), heir(2, 1)], [...second, [2]]),
    crash([1], [waiter, writer, heir(1)], second, 4),
    // The dead one waits before it writes.
    crash(
      [1],
      [
        [set("a", 1n), waitFor("c")],
        [waitFor("a"), set("c", 1n)],
        [bury([1]), insert("c", 2n)],
      ],
      second,
      4,
    ),
    // The next writer meets the lock of the dead one.
    crash([1], [waiter, writer, [mark([1]), set("a", 2n)], [bury([1])]], [...second, [2]]),
    // The dead one waits: nobody may have to wake it for good.
    crash([0], [waiter, writer, heir(0)], [[], [], [0]]),
    crash([0], [waiter, [waitFor("a")], writer, heir(0)], [[], [], [], [0]], 4),
    crash([0, 2], [waiter, writer, heir(0), heir(2, 0)], [[], [], [0], [2]]),
  ];
}
