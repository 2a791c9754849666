// Programs over the version word: lock, marks, readers, sleepers.
import type { Machine, Operation, Program, Run } from "@tooling/interleave/catalog";

const names = [
  "count",
  "countTrying",
  "countPatiently",
  "countImpatiently",
  "insertMarked",
  "splitMarked",
  "readPair",
  "readPatiently",
];

function op(call: string, owner: number): Operation {
  return call.startsWith("read")
    ? { name: call, call }
    : { name: `${call} ${owner}`, call, args: [owner] };
}

function program(...threads: string[][]): Program {
  return {
    name: threads.map((calls) => calls.join(", ")).join(" | "),
    threads: threads.map((calls, thread) => ({
      operations: calls.map((call) => op(call, thread + 1)),
    })),
    // A sleeper may time out early, but none needs to: one that does was forgotten.
    machine: { initialPages: 1, limitPages: 1, maxSteps: 5000, timeouts: "early" },
    setup: (machine) => {
      machine.call(machine.observer, "prepare");
    },
    check,
  };
}

function check(machine: Machine, { history }: Run): string | undefined {
  const times = (call: string) => history.filter(({ operation }) => operation.call === call).length;
  for (const { operation, result } of history) {
    if (operation.call.startsWith("read") && result !== 0) return `${operation.name} was torn`;
  }
  const tried = history.filter(
    ({ operation: { call }, result }) =>
      (call === "countTrying" || call === "countImpatiently") && result === 1,
  ).length;
  const expected = {
    counter: times("count") + times("countPatiently") + tried,
    isSettled: 1,
    insertCount: times("insertMarked"),
    splitCount: times("splitMarked"),
  };
  for (const [call, value] of Object.entries(expected)) {
    const found = Number(machine.call(machine.observer, call));
    if (found !== value) return `${call} is ${found}, not ${value}`;
  }
  return undefined;
}

/** Every pair of calls, and triples of those that wait for each other. */
export function versionPrograms(): Program[] {
  const programs: Program[] = [];
  for (const [index, first] of names.entries()) {
    for (const second of names.slice(index)) programs.push(program([first], [second]));
  }
  programs.push(
    program(["splitMarked", "splitMarked"], ["readSplit", "readSplit"]),
    program(["count"], ["count"], ["count"]),
    program(["count", "count"], ["count", "count"]),
    program(["insertMarked"], ["splitMarked"], ["readPair"]),
    program(["insertMarked"], ["readPair"], ["readPair"]),
    program(["count"], ["insertMarked"], ["readPair"]),
    program(["count"], ["count"], ["count"], ["readPair"]),
    program(["countPatiently"], ["countPatiently"], ["countPatiently"]),
    program(["countPatiently"], ["countImpatiently"], ["count"]),
    program(["insertMarked"], ["readPatiently"], ["readPatiently"]),
    program(["insertMarked"], ["countPatiently"], ["readPatiently"]),
    program(["splitMarked"], ["countPatiently"], ["countImpatiently"], ["readPatiently"]),
  );
  return programs;
}
