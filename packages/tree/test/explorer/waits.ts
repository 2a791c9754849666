// Programs of threads that wait for keys, or watch for changes. A sleep has no end but a signal: a wake-up that is lost is
// a deadlock. So is a change that a watch does not tell.
//
// In programs with deaths, a write may be absent because its thread died. So the thread that recovers sets the key
// as well, but only if it is not there: that wakes nobody if the dead one's write is whole, and then its recovery has to.
import type { CrashProgram, Program } from "@tooling/interleave/catalog";
import {
  add,
  bury,
  buryAtLast,
  calling,
  clear,
  failing,
  gone,
  insert,
  mark,
  remove,
  replace,
  set,
  setTogether,
  type TreeOperation,
  waitFor,
  watchFor,
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

/** Waits and writes of all kinds, for a leaf of `width` entries. `wait` is how a thread waits. */
export function waitPrograms(width: number, wait: typeof waitFor = waitFor): Program[] {
  const full = everySecond(width);
  return [
    waits([], [wait("a")], [set("a", 1n)]),
    waits([], [wait("a")], [insert("a", 1n)]),
    waits([], [wait("a")], [add("a", 1n)]),
    waits(["b"], [wait("b", 2n)], [set("b", 1n), set("b", 2n)]),
    waits(["b"], [wait("b", 2n)], [replace("b", 2n)]),
    waits(["b"], [remove("b"), set("d", 1n), wait("b")], [wait("d"), set("b", 1n)]),
    waits([], [wait("a"), wait("c")], [set("a", 1n), set("c", 2n)]),
    // Two that wait for one key, or for two; one that goes while another comes.
    waits([], [wait("a")], [wait("a")], [set("a", 1n)]),
    waits([], [wait("a")], [wait("c")], [set("a", 1n), set("c", 2n)]),
    waits([], [wait("a"), set("c", 2n)], [wait("c")], [set("a", 1n)]),
    waits([], [wait("a"), wait("a", 2n)], [set("a", 1n)], [wait("a"), set("a", 2n)]),
    // One begins to wait while another stops.
    waits(["b"], [wait("b"), set("b", 2n)], [wait("b", 2n)]),
    waits(["b"], [wait("b", 2n)], [wait("b"), set("b", 2n)]),
    // Writes that split, make a layer, or give one a new root.
    waits(full, [wait("c")], [set("c", 1n)]),
    waits([`${p}x`], [wait(`${p}y`)], [set(`${p}y`, 1n)]),
    waits(
      full.map((key) => p + key),
      [wait(`${p}c`)],
      [set(`${p}c`, 1n)],
    ),
    // A participant that leaves while others wait.
    waits([], [wait("a")], [wait("a"), calling("cycle")], [set("a", 1n)]),
  ];
}

function crash(
  victims: readonly number[],
  threads: Threads,
  after: TreeProgramOptions["after"] & {},
  overlaps?: number,
  keys: readonly string[] = [],
): CrashProgram {
  const deaths = victims.length === 1 ? "one death" : "two deaths";
  const among = overlaps === undefined ? deaths : "a death among others";
  const program = treeProgram({
    name: `${among}, waiting: ${namesOf(threads)}`,
    keys,
    threads,
    after,
    maxSteps: 400_000,
    hasDeaths: true,
    ...(overlaps !== undefined && { overlaps }),
  });
  return { victims, program };
}

/** Those, and what only a watch is told. */
export function watchPrograms(width: number): Program[] {
  // A ring has room for four such keys.
  const others = [1n, 2n, 3n, 4n].map((value) => set("d", value));
  return [
    waits(["b"], [watchFor("b", gone)], [remove("b")]),
    waits(["b", "d"], [watchFor("b", gone), watchFor("d", gone)], [remove("d"), remove("b")]),
    waits(["b", "d"], [watchFor("b", gone)], [watchFor("d", gone)], [clear]),
    waits([`${p}x`, `${p}y`], [watchFor(`${p}y`, gone)], [clear]),
    waits([], [watchFor("a")], [setTogether("a", 1n)]),
    // One is overtaken, before it reads or while it does.
    waits(["d"], [watchFor("a")], [set("a", 1n), ...others]),
    waits(["d"], [watchFor("a")], [...others, set("a", 1n)]),
    // No memory for a ring; a ring that is given back while another thread begins to watch.
    waits([], [watchFor("a")], [failing(set("a", 1n), 0)]),
    waits(
      ["d"],
      [watchFor("d", 1n), watchFor("a")],
      [set("d", 1n), calling("maintain"), set("a", 1n)],
    ),
    // Last: they are many, and the mistakes are found in those above.
    ...waitPrograms(width, watchFor),
  ];
}

/** One that writes dies while another sleeps; one that waits dies. */
export function waitCrashes(wait: typeof waitFor = waitFor): CrashProgram[] {
  const waiter = [wait("a")];
  const writer = [set("a", 1n)];
  const heir = (...dead: number[]) => [bury(dead), insert("a", 2n)];
  // Among others, one of them may hold what is in the way of that.
  const patientHeir = (dead: number, key: string) => [buryAtLast([dead]), insert(key, 2n)];
  const second = [[], [], [1]];
  return [
    crash([1], [waiter, writer, heir(1)], second),
    crash([1, 2], [waiter, writer, heir(1), heir(2, 1)], [...second, [2]]),
    crash([1], [waiter, writer, patientHeir(1, "a")], second, 4),
    // The dead one waits before it writes.
    crash(
      [1],
      [[set("a", 1n), wait("c")], [wait("a"), set("c", 1n)], patientHeir(1, "c")],
      second,
      4,
    ),
    // The next writer meets the lock of the dead one.
    crash([1], [waiter, writer, [mark([1]), set("a", 2n)], [bury([1])]], [...second, [2]]),
    // The dead one waits: nobody may have to wake it for good.
    crash([0], [waiter, writer, heir(0)], [[], [], [0]]),
    crash([0], [waiter, [wait("a")], writer, patientHeir(0, "a")], [[], [], [], [0]], 4),
    crash([0, 2], [waiter, writer, heir(0), heir(2, 0)], [[], [], [0], [2]]),
  ];
}

/** Those, with watches, and a thread that removes or has told much. */
export function watchCrashes(): CrashProgram[] {
  // As above: it tells of nothing if the dead one's removal is whole.
  const heir = [bury([1]), remove("a")];
  return [
    ...waitCrashes(watchFor),
    crash([1], [[watchFor("a", gone)], [remove("a")], heir], [[], [], [1]], undefined, ["a"]),
    crash([1], [[watchFor("a", gone)], [clear], heir], [[], [], [1]], undefined, ["a"]),
  ];
}
