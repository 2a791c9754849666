// What every class of ordered sets in shared memory has to do, against a sorted array, and what ECMAScript says of two
// sets: tests of each class run these with members of theirs.
import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { expect } from "vitest";
import type { KeyType, Range, SetLike } from "../src/index.ts";

/** An ordered set: by its methods, because sources and build declare classes of their own. */
export interface AnySet<K extends KeyType> extends SetLike<K>, Iterable<K> {
  add(value: K): unknown;
  delete(value: K): boolean;
  floor(value: K): K | undefined;
  lower(value: K): K | undefined;
  ceiling(value: K): K | undefined;
  higher(value: K): K | undefined;
  first(range?: Range<K>): K | undefined;
  last(range?: Range<K>): K | undefined;
  keys(range?: Range<K>): IterableIterator<K>;
  count(range?: Range<K>): number;
  clear(range?: Range<K>): number;
  union(other: SetLike<K>): AnySet<K>;
  intersection(other: SetLike<K>): AnySet<K>;
  difference(other: SetLike<K>): AnySet<K>;
  symmetricDifference(other: SetLike<K>): AnySet<K>;
  isSubsetOf(other: SetLike<K>): boolean;
  isSupersetOf(other: SetLike<K>): boolean;
  isDisjointFrom(other: SetLike<K>): boolean;
  verify(): void;
  close(): void;
}

/** A class of sets, with a kind of member. */
export interface SetKind<K extends KeyType> {
  /** Creates an empty set. */
  create(): AnySet<K>;
  /** Members: few, so that they meet. */
  readonly member: fc.Arbitrary<K>;
  /** Many different ones. */
  many(count: number): K[];
  /** As the set orders them. */
  compare(a: K, b: K): number;
  /** Sets of other classes with these members, by the name of their class. */
  readonly others?: Readonly<Record<string, (members: readonly K[]) => SetLike<K>>>;
}

/** One check, to be run as a test of its own. */
export interface SetCheck {
  readonly name: string;
  run(): void;
}

/** A set with these members. */
export function setWith<K extends KeyType>(
  { create }: Pick<SetKind<K>, "create">,
  members: Iterable<K>,
): AnySet<K> {
  const set = create();
  for (const member of members) set.add(member);
  return set;
}

type Step<K extends KeyType> =
  | { readonly does: "add" | "delete" | "has" | "neighbours"; readonly member: K }
  | { readonly does: "range"; readonly range: Range<K> }
  | { readonly does: "clear"; readonly range: Range<K> };

/** The members of a sorted array that are in a range. */
function within<K extends KeyType>(
  { compare }: SetKind<K>,
  all: readonly K[],
  { gt, gte, lt, lte, reverse, offset = 0, limit = Number.POSITIVE_INFINITY }: Range<K>,
): K[] {
  const inside = all.filter(
    (member) =>
      (gt === undefined || compare(member, gt) > 0) &&
      (gte === undefined || compare(member, gte) >= 0) &&
      (lt === undefined || compare(member, lt) < 0) &&
      (lte === undefined || compare(member, lte) <= 0),
  );
  return (reverse ? inside.reverse() : inside).slice(offset, offset + limit);
}

/** Any sequence of calls, each compared with what a sorted array answers. */
function model<K extends KeyType>(kind: SetKind<K>): void {
  const { member, compare } = kind;
  const bounds = fc.record(
    {
      gt: member,
      gte: member,
      lt: member,
      lte: member,
      reverse: fc.boolean(),
      offset: fc.nat(2),
      limit: fc.nat(5),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Range<K>>;
  const step: fc.Arbitrary<Step<K>> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ does: fc.constant("add" as const), member }) },
    { weight: 3, arbitrary: fc.record({ does: fc.constant("delete" as const), member }) },
    fc.record({ does: fc.constantFrom("has" as const, "neighbours" as const), member }),
    fc.record({ does: fc.constant("range" as const), range: bounds }),
    fc.record({ does: fc.constant("clear" as const), range: bounds }),
  );
  const check = (steps: readonly Step<K>[]) => {
    const set = kind.create();
    let all: K[] = [];
    const has = (one: K) => all.some((other) => compare(one, other) === 0);
    for (const each of steps) {
      if (each.does === "range") {
        const wanted = within(kind, all, each.range);
        expect([...set.keys(each.range)]).toEqual(wanted);
        expect(set.count(each.range)).toBe(wanted.length);
        expect([set.first(each.range), set.last(each.range)]).toEqual([wanted[0], wanted.at(-1)]);
      } else if (each.does === "clear") {
        const gone = within(kind, all, each.range);
        expect(set.clear(each.range)).toBe(gone.length);
        all = all.filter((one) => gone.every((other) => compare(one, other) !== 0));
      } else if (each.does === "add") {
        expect(set.add(each.member)).toBe(set);
        if (!has(each.member)) all = [...all, each.member].sort(compare);
      } else if (each.does === "delete") {
        expect(set.delete(each.member)).toBe(has(each.member));
        all = all.filter((one) => compare(one, each.member) !== 0);
      } else if (each.does === "has") {
        expect(set.has(each.member)).toBe(has(each.member));
      } else {
        const { member } = each;
        expect([set.floor(member), set.lower(member)]).toEqual([
          all.findLast((one) => compare(one, member) <= 0),
          all.findLast((one) => compare(one, member) < 0),
        ]);
        expect([set.ceiling(member), set.higher(member)]).toEqual([
          all.find((one) => compare(one, member) >= 0),
          all.find((one) => compare(one, member) > 0),
        ]);
      }
      expect(set.size).toBe(all.length);
    }
    expect([...set]).toEqual(all);
    set.verify();
    set.close();
  };
  fc.assert(fc.property(fc.array(step, { maxLength: 80, size: "max" }), check), {
    numRuns: runs(40),
  });
}

/** The methods for two sets, with an argument of some kind. */
function methods<K extends KeyType>(
  kind: SetKind<K>,
  argument: (members: readonly K[]) => SetLike<K>,
): void {
  const { compare, many, member } = kind;
  const members = fc.uniqueArray(member, {
    maxLength: 12,
    comparator: (a, b) => compare(a, b) === 0,
  });
  const bigger = fc.integer({ min: 0, max: 400 }).map(many);
  const operand = fc.oneof(members, members, bigger);
  const check = (mine: K[], theirs: K[]) => {
    const set = setWith(kind, mine);
    const other = argument(theirs);
    const isIn = (all: readonly K[]) => (one: K) =>
      all.some((member) => compare(one, member) === 0);
    const [inMine, inTheirs] = [isIn(mine), isIn(theirs)];
    const onlyMine = mine.filter((one) => !inTheirs(one));
    const onlyTheirs = theirs.filter((one) => !inMine(one));
    const results = {
      union: [...mine, ...onlyTheirs],
      intersection: mine.filter(inTheirs),
      difference: onlyMine,
      symmetricDifference: [...onlyMine, ...onlyTheirs],
    };
    for (const [method, expected] of Object.entries(results)) {
      const result = set[method as keyof typeof results](other);
      expect([...result], method).toEqual(expected.sort(compare));
      expect(Object.getPrototypeOf(result)).toBe(Object.getPrototypeOf(set));
      result.verify();
      result.close();
    }
    expect(set.isSubsetOf(other)).toBe(mine.every(inTheirs));
    expect(set.isSupersetOf(other)).toBe(theirs.every(inMine));
    expect(set.isDisjointFrom(other)).toBe(!mine.some(inTheirs));
    expect([...set]).toEqual([...mine].sort(compare));
    set.close();
    (other as Partial<AnySet<K>>).close?.();
  };
  fc.assert(fc.property(operand, operand, check), { numRuns: runs(20) });
}

/** The checks of a class of sets. */
export function setChecks<K extends KeyType>(kind: SetKind<K>): SetCheck[] {
  const { compare, others = {} } = kind;
  // Members that are objects are the same if they are equal, which a `Set` would not see: `has` looks.
  const like = (all: readonly K[]): SetLike<K> => ({
    size: all.length,
    has: (value) => all.some((one) => compare(one, value) === 0),
    keys: () => all[Symbol.iterator](),
  });
  const kinds: Record<string, (all: readonly K[]) => SetLike<K>> = {
    "set of its class": (all) => setWith(kind, all),
    "Set of its members": (all) => new Set(all),
    "Map of its members": (all) => new Map(all.map((value) => [value, 1])),
    "object that is like a set": like,
    ...others,
  };
  return [
    { name: "does what a sorted array does", run: () => model(kind) },
    ...Object.entries(kinds).map(([name, argument]) => ({
      name: `does what ECMAScript says with a ${name}`,
      run: () => methods(kind, argument),
    })),
  ];
}
