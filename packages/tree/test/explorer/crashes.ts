// Deaths in the tree: one thread dies at any step of its calls, another takes over from it, and may die as
// well, whereupon a third takes over from both. Then the tree has to verify, with every byte accounted for,
// and what is in the map has to be explained by the calls, the one in flight whole or absent.
//
// The one that takes over does so at once, or in the middle of calls of its own, when it meets a lock that
// the dead one holds: then it has locks and a journal itself while it finishes another's.

import type { CrashProgram } from "@tooling/interleave/catalog";
import {
  bury,
  buryAtLast,
  calling,
  failing,
  mark,
  scan,
  type TreeOperation,
  visit,
} from "./operations.ts";
import { type Contents, treeProgram } from "./program.ts";
import type { Shape } from "./shape.ts";

type Calls = readonly TreeOperation[];

/** Long: a recovery goes over everything that a participant has. */
const maxSteps = 400_000;

const deathsOf = (victims: readonly number[]) =>
  victims.length === 1 ? "one death" : "two deaths";

const namesOf = (calls: Calls) => calls.map(({ name }) => name).join(", ");

function buried(shape: Shape, victim: Calls, victims: readonly number[]): CrashProgram {
  const program = treeProgram({
    ...shape,
    name: `${deathsOf(victims)}: ${shape.name}: ${namesOf(victim)}`,
    threads: [victim, [bury([0])], [bury([1, 0])]],
    after: [[], [0], [1]],
    maxSteps,
    hasDeaths: true,
  });
  return { victims, program };
}

/** As `buried`, by threads that are no participants, as where the dead hold every place. */
function visited(shape: Shape, victim: Calls, victims: readonly number[]): CrashProgram {
  const program = treeProgram({
    ...shape,
    name: `${deathsOf(victims)}, visited: ${shape.name}: ${namesOf(victim)}`,
    threads: [victim, [visit([0])], [visit([1, 0])]],
    after: [[], [0], [1]],
    strangers: 2,
    maxSteps,
    hasDeaths: true,
  });
  return { victims, program };
}

function met(shape: Shape, victim: Calls, others: Calls, victims: readonly number[]): CrashProgram {
  const program = treeProgram({
    ...shape,
    name: `${deathsOf(victims)}, met: ${shape.name}: ${namesOf(victim)}, by ${namesOf(others)}`,
    threads: [victim, [mark([0]), ...others], [bury([1, 0])]],
    after: [[], [0], [1]],
    maxSteps,
    hasDeaths: true,
  });
  return { victims, program };
}

/**
 * Two die, and of the second nobody knows yet when the first is taken over from, for whoever is to say so is
 * at that: it must not wait for what the second holds.
 */
function atOnce(shape: Shape, first: Calls, second: Calls): CrashProgram {
  const program = treeProgram({
    ...shape,
    name: `deaths at once: ${shape.name}: ${namesOf(first)}, and ${namesOf(second)}`,
    threads: [first, second, [bury([0])], [bury([1, 0])]],
    after: [[], [0], [0], [1, 2]],
    maxSteps,
    hasDeaths: true,
  });
  return { victims: [0, 1], program };
}

/** Random schedules for each step at which a victim dies among others. */
const overlaps = 4;

/**
 * One dies while another is in the middle of calls of its own, at any place of either; a third takes over as
 * soon as it may, and again while that one has what is in the way.
 */
function among(shape: Shape, victim: Calls, others: Calls): CrashProgram {
  const program = treeProgram({
    ...shape,
    name: `a death among others: ${shape.name}: ${namesOf(victim)}, beside ${namesOf(others)}`,
    threads: [victim, others, [buryAtLast([0])]],
    after: [[], [], [0]],
    maxSteps,
    hasDeaths: true,
    overlaps,
  });
  return { victims: [0], program };
}

/** A number by which others know a thread that has never been in the map before. */
const stranger = 1000;

/** A thread that joins takes a number, makes a descriptor, and perhaps leaves again. */
function joined(victim: Calls, victims: readonly number[], contents: Contents): CrashProgram {
  const takeOver = calling("releaseThread", stranger);
  const program = treeProgram({
    ...contents,
    name: `${deathsOf(victims)}: ${namesOf(victim)}`,
    // The joiner comes last, for the participants of the others to have their threads' numbers. That a thread
    // is dead is said of all before any is taken over from, which may have to wait for what another holds.
    threads: [[takeOver], [mark([0]), takeOver, bury([0])], victim],
    after: [[2], [0], []],
    strangers: 1,
    maxSteps,
    hasDeaths: true,
  });
  return { victims, program };
}

function crashesOf(shape: Shape): CrashProgram[] {
  const { calls, sequences = [] } = shape;
  const victims: Calls[] = [...calls.map((call) => [call]), ...sequences, ...shortOf(shape)];
  const passing = shape.translate?.(scan()) ?? scan();
  // One that writes where the dead one did, and one that passes by everything.
  const others = [...calls.filter(({ input }) => input?.does === "set").slice(0, 1), passing];
  const writers = victims.filter((victim) => victim.some(takesLocks));
  // Each with the next one: all of them with all would take too long.
  const withNext = (make: typeof atOnce) =>
    writers.map((first, index) => make(shape, first, writers[(index + 1) % writers.length]!));
  const alone = victims.flatMap((victim) => {
    const programs = [buried(shape, victim, [0]), buried(shape, victim, [0, 1])];
    if (!victim.some(takesLocks)) return programs;
    return [
      ...programs,
      ...[[0], [0, 1]].flatMap((victims) => [
        met(shape, victim, others, victims),
        visited(shape, victim, victims),
      ]),
    ];
  });
  return [...alone, ...withNext(atOnce), ...withNext(among)];
}

/** The calls of a shape that are short of memory, each without each of its blocks. */
function shortOf({ scarce = [] }: Shape): Calls[] {
  return scarce.flatMap(([call, blocks]) =>
    Array.from({ length: blocks }, (_, nth) => [failing(call, nth)]),
  );
}

function takesLocks({ input, inputs, isClear, locks }: TreeOperation): boolean {
  if (isClear === true || locks === true || inputs !== undefined) return true;
  return input !== undefined && input.does !== "get";
}

/**
 * Every call of every shape, every sequence, and every call that is short of memory, with one death and with
 * two, one after the other or at once, and with one among others.
 */
export function treeCrashes(all: readonly Shape[]): CrashProgram[] {
  return all.flatMap(crashesOf);
}

/** Deaths in the first steps of a thread that joins a map with these contents. */
export function joinCrashes(contents: Contents = { keys: ["b"] }): CrashProgram[] {
  const join = calling("attach", 1, stranger, stranger);
  const joins = [[join], [join, calling("detach")]];
  return joins.flatMap((victim) =>
    [[2], [2, 0]].map((victims) => joined(victim, victims, contents)),
  );
}
