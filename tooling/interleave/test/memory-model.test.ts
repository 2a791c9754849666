// The mode of weak memory against the axioms of the memory model, for small programs drawn at random.
//
// The axioms are those of WebAssembly's threads (document/core/exec/relaxed.rst), of accesses of one width: which
// choices of a write for each read, and of an order of the atomics, are allowed. They are tried one and all. Left
// out, as the README says: circles of reads that see later writes, and an order of the atomic writes of a word
// that no order of the steps has.
import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { expect, test } from "vitest";
import { litmusCore, outcomesOf, type Threads } from "./litmus-core.ts";

interface Access {
  readonly thread: number;
  readonly word: "X" | "Y";
  /** What it writes; 0 for a read. */
  readonly value: number;
  readonly isAtomic: boolean;
}

const writes = ({ value }: Access) => value !== 0;

/** Everything that the axioms allow the threads to read, as `outcomesOf` writes it. */
function allowed(threads: readonly (readonly Access[])[]): string[] {
  const all = threads.flat();
  const count = all.length;
  const reads = all.flatMap((access, index) => (writes(access) ? [] : [index]));
  const atomics = all.flatMap(({ isAtomic }, index) => (isAtomic ? [index] : []));
  const found = new Set<string>();
  const isBeforeInThread = (a: number, b: number) => a < b && all[a]!.thread === all[b]!.thread;
  // By read, the number of the write, -1 for what was there at first.
  const from = new Map<number, number>();

  const isAllowed = (order: readonly number[]): boolean => {
    const at = (index: number) => order.indexOf(index);
    const takesAtomically = (write: number, read: number) =>
      from.get(read) === write && all[write]!.isAtomic && all[read]!.isAtomic;
    const before = closure(count, (a, b) => isBeforeInThread(a, b) || takesAtomically(a, b));
    const isBefore = (a: number, b: number) => a < 0 || before[a]![b]!;
    const follows = (a: number, b: number) => all[a]!.isAtomic && all[b]!.isAtomic && at(a) < at(b);
    const total = closure(count, (a, b) => before[a]![b]! || follows(a, b));
    if (total.some((row, index) => row[index])) return false;
    for (const read of reads) {
      const write = from.get(read)!;
      const { word, isAtomic } = all[read]!;
      if (write >= 0 && isBefore(read, write)) return false;
      for (const [other, { word: itsWord, isAtomic: isItAtomic, ...rest }] of all.entries()) {
        if (other === write || itsWord !== word || rest.value === 0) continue;
        if (isBefore(write, other) && isBefore(other, read)) return false;
        if (!isBefore(write, read) || !isItAtomic) continue;
        const isWriteAtomic = write >= 0 && all[write]!.isAtomic;
        if (isWriteAtomic && isAtomic && follows(write, other) && follows(other, read))
          return false;
        if (isAtomic && isBefore(write, other) && follows(other, read)) return false;
        if (isWriteAtomic && follows(write, other) && isBefore(other, read)) return false;
      }
    }
    // What the mode covers.
    const steps = closure(
      count,
      (a, b) =>
        before[a]![b]! ||
        from.get(b) === a ||
        (writes(all[a]!) && writes(all[b]!) && all[a]!.word === all[b]!.word && follows(a, b)),
    );
    return steps.every((row, index) => !row[index]);
  };

  const choose = (next: number): void => {
    const read = reads[next];
    if (read === undefined) {
      const values = threads.map((accesses, thread) =>
        all
          .flatMap((access, index) =>
            access.thread === thread && !writes(access) ? [all[from.get(index)!]?.value ?? 0] : [],
          )
          .slice(0, accesses.length)
          .join(""),
      );
      const outcome = values.filter((value) => value !== "").join(" ");
      if (!found.has(outcome) && permutations(atomics).some(isAllowed)) found.add(outcome);
      return;
    }
    for (let write = -1; write < count; write++) {
      if (write >= 0 && (!writes(all[write]!) || all[write]!.word !== all[read]!.word)) continue;
      from.set(read, write);
      choose(next + 1);
    }
  };
  choose(0);
  return [...found].sort();
}

/** Which of `count` numbers lead to which. */
function closure(count: number, leads: (a: number, b: number) => boolean): boolean[][] {
  const reach = Array.from({ length: count }, (_, a) =>
    Array.from({ length: count }, (_, b) => leads(a, b)),
  );
  for (let middle = 0; middle < count; middle++) {
    for (let a = 0; a < count; a++) {
      if (!reach[a]![middle]) continue;
      for (let b = 0; b < count; b++) if (reach[middle]![b]) reach[a]![b] = true;
    }
  }
  return reach;
}

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}

const nameOf = ({ word, value, isAtomic }: Access): string => {
  const suffix = isAtomic ? "Atomically" : "";
  return value === 0 ? `load${word}${suffix}` : `store${word}${suffix} ${value}`;
};

test("threads read what the axioms of the memory model allow, all of it and nothing else", async () => {
  const core = await litmusCore();
  const access = fc.record({
    word: fc.constantFrom("X" as const, "Y" as const),
    isWrite: fc.boolean(),
    isAtomic: fc.boolean(),
  });
  const drawn = fc.oneof(
    fc.tuple(
      fc.array(access, { minLength: 2, maxLength: 4 }),
      fc.array(access, { minLength: 2, maxLength: 4 }),
    ),
    fc.tuple(
      fc.array(access, { minLength: 1, maxLength: 2 }),
      fc.array(access, { minLength: 1, maxLength: 2 }),
      fc.array(access, { minLength: 1, maxLength: 3 }),
    ),
  );
  fc.assert(
    fc.property(drawn, (lists) => {
      let last = 0;
      const threads = lists.map((list, thread) =>
        list.map(({ word, isWrite, isAtomic }): Access => {
          return { thread, word, isAtomic, value: isWrite ? ++last : 0 };
        }),
      );
      const calls: Threads = threads.map((list) => list.map(nameOf));
      const { outcomes, complete } = outcomesOf(core, calls, { stale: 8, preemptions: 8 });
      expect(complete).toBe(true);
      expect(outcomes).toEqual(allowed(threads));
    }),
    { numRuns: runs(60) },
  );
}, 240_000);
