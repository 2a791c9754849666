// LearnedSet: what every ordered set does, and what it has besides.
import { inspect } from "node:util";
import { MassTreeSet } from "@masstree/inline";
import fc from "fast-check";
import { beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { type SetKind, setChecks, setWith } from "../../inline/test/set-checks.ts";
import { date, LearnedMap, LearnedSet } from "../src/index.ts";
import { useBuild } from "./builds.ts";

beforeAll(() => useBuild("debug"));

const coded = (code: string) => expect.objectContaining({ code });

const numbers: SetKind<number> = {
  create: () => new LearnedSet(),
  member: fc.oneof(fc.integer({ min: -8, max: 8 }), fc.constantFrom(0.5, 1e300, -1e-300)),
  many: (count) => Array.from({ length: count }, (_, i) => i),
  compare: (a, b) => a - b,
  others: {
    MassTreeSet: (members) =>
      setWith({ create: () => new MassTreeSet({ key: "number" }) }, members),
  },
};

const dates: SetKind<Date> = {
  create: () => new LearnedSet({ key: date }),
  member: fc.integer({ min: 0, max: 20 }).map((day) => new Date(day * 86_400_000)),
  many: (count) => Array.from({ length: count }, (_, i) => new Date(i)),
  compare: (a, b) => a.getTime() - b.getTime(),
};

describe("a set of numbers", () => {
  test.each(setChecks(numbers))("$name", ({ run }) => run());
});

// Members that are objects: a native Set compares them as such.
describe("a set of dates", () => {
  const checks = setChecks(dates).filter(({ name }) => !name.includes("of its members"));
  test.each(checks)("$name", ({ run }) => run());
});

test("the types of members follow from the options", () => {
  const sets = [new LearnedSet(), new LearnedSet({ key: "bigint" }), new LearnedSet({ key: date })];
  const [plain, big, days] = sets as [LearnedSet, LearnedSet<bigint>, LearnedSet<Date>];
  expectTypeOf(new LearnedSet()).toEqualTypeOf<LearnedSet<number>>();
  expectTypeOf(new LearnedSet({ key: "bigint" })).toEqualTypeOf<LearnedSet<bigint>>();
  expectTypeOf(big.union(new Set([1n]))).toEqualTypeOf<LearnedSet<bigint>>();
  expectTypeOf(days.first()).toEqualTypeOf<Date | undefined>();
  // @ts-expect-error: members of that type need their kind
  new LearnedSet<bigint>().close();
  expect(LearnedSet.name).toBe("LearnedSet");
  expect(inspect(plain.add(2).add(1))).toBe("LearnedSet(2) { 1, 2 }");
  expect(JSON.stringify(plain)).toBe("[1,2]");
  for (const set of sets) set.close();
  expect(() => plain.size).toThrow(coded("MASSTREE_CLOSED"));
});

test("options of a learned map are taken, those of other classes are refused", () => {
  const set = new LearnedSet({ key: "bigint", autoRebuild: false, expansion: 1 });
  for (let i = 0n; i < 400n; i++) set.add(-i);
  expect(set.maxDepth).toBeGreaterThan(8);
  expect(set.stats()).toMatchObject({ size: 400, rebuilds: 0 });
  const before = set.allocatedBytes;
  set.rebuild();
  expect(set.maxDepth).toBeLessThan(4);
  expect(set.allocatedBytes).toBeLessThan(before);
  expect(set.stats()).toMatchObject({ size: 400, rebuilds: 1 });
  expect(set.clear()).toBe(400);
  expect(set.stats()).toMatchObject({ size: 0, nodes: 0, lines: 0 });
  set.verify();
  set.close();
  for (const options of [{ key: "string" }, { value: "f64" }, { width: 15 }, { expansion: 17 }]) {
    expect(() => new LearnedSet(options as never)).toThrow(coded("MASSTREE_BAD_OPTION"));
  }
  expect(() => new LearnedSet().add("1" as never)).toThrow(coded("MASSTREE_BAD_KEY"));
});

test("a set of sorted members is made at once, and is refused if they are not sorted", () => {
  const members = Array.from({ length: 500 }, (_, i) => i * i);
  const set = LearnedSet.fromSorted(members, { expansion: 1.5 });
  expect([...set]).toEqual(members);
  expect(set.splitPoints(4)).toHaveLength(3);
  const cursor = set.cursor({ gt: 10 });
  expect([cursor.next(), cursor.key, cursor.value]).toEqual([true, 16, 16]);
  set.verify();
  set.close();
  expect(() => LearnedSet.fromSorted([1, 1])).toThrow(
    expect.objectContaining({ code: "MASSTREE_UNSORTED", position: 1 }),
  );
  expect(() => LearnedSet.fromSorted(1 as never)).toThrow(TypeError);
});

test("a set that does not fit says so, and goes on working", () => {
  const set = new LearnedSet({ maxBytes: 2 ** 20 });
  let added = 0;
  expect(() => {
    while (true) {
      set.add(Math.sqrt(added));
      added++;
    }
  }).toThrow(coded("MASSTREE_FULL"));
  expect(set.size).toBe(added);
  set.verify();
  expect(set.clear()).toBe(added);
  expect(set.add(1).has(1)).toBe(true);
  set.close();
});

test("handles of other classes are refused, and its own are refused elsewhere", async () => {
  const set = new LearnedSet();
  const map = new LearnedMap();
  const tree = new MassTreeSet({ key: "number" });
  expect(() => LearnedSet.attach(map.handle)).toThrow(coded("MASSTREE_BAD_HANDLE"));
  expect(() => LearnedMap.attach(set.handle)).toThrow(coded("MASSTREE_BAD_HANDLE"));
  expect(() => LearnedSet.attach(tree.handle)).toThrow(coded("MASSTREE_BAD_HANDLE"));
  expect(() => MassTreeSet.attach(set.handle)).toThrow(coded("MASSTREE_BAD_HANDLE"));
  const other = LearnedSet.attach(set.handle);
  const waiting = set.waitFor(7, { timeout: 20_000 });
  other.add(7);
  await waiting;
  expect(other.waitForSync(8, { timeout: 0 })).toBe(false);
  for (const one of [other, set, map, tree]) one.close();
});
