// Each operator on a small source: what it changes, and that the result still compiles.
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { compilerFlags } from "../../src/flags.ts";
import { type Candidate, candidatesIn, keyOf } from "../../src/mutants/generator/candidates.ts";
import { diffOf } from "../../src/mutants/generator/report.ts";
import { Source } from "../../src/mutants/generator/source.ts";
import { Patch } from "../../src/mutants/mutant.ts";

const file = "small/assembly/small.ts";

const text = `
@unmanaged
class Item {
  next: u32;
  count: u32;
}

function unlock(at: usize): void {
  atomic.store<u32>(at, 0);
}

function markSplitting(at: usize): void {
  atomic.or<u32>(at, 2);
}

function tryLock(at: usize): bool {
  return atomic.cmpxchg<u32>(at, 0, 1) === 0;
}

function hasChanged(at: usize, before: u32): bool {
  return atomic.load<u32>(at) !== before;
}

export function push(list: usize, item: usize): void {
  while (!tryLock(list)) {}
  markSplitting(list);
  const it = changetype<Item>(item);
  it.next = load<u32>(list, 8);
  it.count++;
  atomic.store<u32>(list + 8, <u32>item);
  unlock(list);
}

export function first(list: usize): u32 {
  while (true) {
    const before = atomic.load<u32>(list);
    const found = load<u32>(list, 8);
    if (hasChanged(list, before)) continue;
    const again = load<u32>(list, 8);
    return found < 10 ? again : 0;
  }
}

export function recover(list: usize): void {
  let word = atomic.load<u32>(list);
  if (word === 1) unlock(list);
  word = atomic.load<u32>(list + 8);
  store<u32>(list, word, 16);
}

export function checked(at: usize): void {
  if (DEBUG) store<u32>(at, 1);
}
`;

const all = candidatesIn(new Source(file, text));

/** The changes of one operator, as `- line + line`. */
function changes(operator: string): string[] {
  return all.filter((one) => one.operator === operator).map(changeOf);
}

function changeOf({ edit }: Candidate): string {
  return [...diffOf(edit)].join(" ").replace(/\s+/g, " ").trim();
}

describe("an operator", () => {
  test.each([
    ["leave out an unlock", "- unlock(list); +"],
    ["leave out a mark", "- markSplitting(list); +"],
    ["leave out a lock", "- while (!tryLock(list)) {} + while (!true) {}"],
    ["leave out a store", "- it.next = load<u32>(list, 8); +"],
    ["leave out a store", "- it.count++; +"],
    [
      "leave out a version check",
      "- if (hasChanged(list, before)) continue; + if (false) continue;",
    ],
    [
      "read once before a loop",
      "- while (true) { - const before = atomic.load<u32>(list); " +
        "+ const before = atomic.load<u32>(list); while (true) { +",
    ],
    ["keep a stale value", "- const again = load<u32>(list, 8); + const again = found;"],
    [
      "shift a comparison by one",
      "- return found < 10 ? again : 0; + return found <= 10 ? again : 0;",
    ],
    ["negate a comparison", "- if (word === 1) unlock(list); + if (word !== 1) unlock(list);"],
    [
      "negate a condition",
      "- if (hasChanged(list, before)) continue; + if (!(hasChanged(list, before))) continue;",
    ],
    ["skip a step of recovery", "- if (word === 1) unlock(list); +"],
    ["skip a step of recovery", "- word = atomic.load<u32>(list + 8); +"],
  ])("can %s: %s", (operator, change) => {
    expect(changes(operator)).toContain(change);
  });

  test("that swaps stores keeps both", () => {
    const swapped = all.find(({ operator }) => operator === "swap neighbouring stores")!;
    expect(swapped.edit.replace).toMatch(/it\.count\+\+;\s+it\.next = load<u32>\(list, 8\);/);
  });

  test("that moves a store moves it over what is next to it", () => {
    const later = all.filter(({ operator }) => operator === "do an atomic store later");
    expect(later.map(({ edit }) => edit.replace.replace(/\s+/g, " ").trim())).toContain(
      "const it = changetype<Item>(item); markSplitting(list);",
    );
    const earlier = all.filter(({ operator }) => operator === "do an atomic store earlier");
    expect(earlier.map(({ edit }) => edit.replace.replace(/\s+/g, " ").trim())).toContain(
      "markSplitting(list); while (!tryLock(list)) {}",
    );
  });

  test("leaves alone what only checks preconditions", () => {
    expect(all.filter(({ function: name }) => name === "checked")).toEqual([]);
  });

  test("makes no change twice, and finds the place of each", () => {
    expect(new Set(all.map(({ edit }) => keyOf(edit))).size).toBe(all.length);
    for (const { edit } of all) new Patch([edit]).replace(`/${file}`, text);
  });
});

test("every change of the small source compiles", async () => {
  for (const candidate of all) {
    const changed = new Patch([candidate.edit]).replace(`/${file}`, text)!;
    const { binary } = await compile({
      directory: "/",
      entry: "small.ts",
      use: { DEBUG: 0 },
      // Without optimising, for speed.
      flags: compilerFlags.filter((flag) => flag !== "-O3"),
      sources: { "small.ts": changed },
    });
    expect(binary.length, changeOf(candidate)).toBeGreaterThan(0);
  }
});
