// The heart of the suite: whatever is done to a map, and through however many objects, it does what a sorted
// array does.
import fc from "fast-check";
import { assertSame, describeError, show } from "../assert.ts";
import type { Bench } from "../bench.ts";
import { ConformanceError } from "../error.ts";
import type { AnyMap, TestedRange } from "../map.ts";
import { type Arguments, type Method, readOf, type Trait } from "../method.ts";
import { failing, fewest } from "../shrink.ts";

/** Keys are chosen by number from a small pool, so that they meet again. */
type Index = number;

interface DrawnRange {
  readonly gt: Index | undefined;
  readonly gte: Index | undefined;
  readonly lt: Index | undefined;
  readonly lte: Index | undefined;
  readonly prefix: readonly [key: Index, length: number] | undefined;
  readonly reverse: boolean | undefined;
  readonly offset: number | undefined;
  readonly limit: number | undefined;
}

interface Step {
  /** What is called; undefined to leave the map through one object, and attach again. */
  readonly method: Method | undefined;
  readonly key: Index;
  readonly value: unknown;
  readonly range: DrawnRange;
  /** The value that is there (`isThere`), or another one, or none. */
  readonly expected: { readonly isThere: boolean; readonly value: unknown };
  readonly next: unknown;
  readonly many: readonly (readonly [key: Index, value: unknown])[];
  /** Which of the objects that have the map open. */
  readonly object: number;
}

const index = fc.nat(1000);
const maybe = <T>(arbitrary: fc.Arbitrary<T>, freq: number) =>
  fc.option(arbitrary, { nil: undefined, freq });
const ranges: fc.Arbitrary<DrawnRange> = fc.record({
  gt: maybe(index, 1),
  gte: maybe(index, 1),
  lt: maybe(index, 1),
  lte: maybe(index, 1),
  prefix: maybe(fc.tuple(index, fc.nat(12)), 2),
  reverse: maybe(fc.boolean(), 2),
  offset: maybe(fc.nat(5), 1),
  limit: maybe(fc.nat(20), 2),
});
const noRange: DrawnRange = {
  gt: undefined,
  gte: undefined,
  lt: undefined,
  lte: undefined,
  prefix: undefined,
  reverse: undefined,
  offset: undefined,
  limit: undefined,
};

const noneExpected = { isThere: false, value: undefined };

export const model: Trait = {
  name: "model",
  checks: {
    "is matched by the map, whatever is done to both": (bench) => {
      const pools = fc.array(bench.kind.arbitrary, { minLength: 1, maxLength: 60, size: "max" });
      const cases = fc.tuple(pools, stepsFor(bench));
      const found = failing(cases, bench, ([pool, steps]) => new Run(bench, pool).play(steps));
      if (found !== undefined) throw failureOf(bench, ...found.drawn);
    },
  },
};

/** The failure of a case, reduced to the steps that it needs. */
function failureOf(
  bench: Bench,
  pool: readonly unknown[],
  steps: readonly Step[],
): ConformanceError {
  const play = (some: readonly Step[]) => new Run(bench, pool).play(some);
  const least = fewest(steps, (some) => play(some) !== undefined);
  const failure = play(least);
  if (failure === undefined) {
    throw new ConformanceError(
      "The same operations failed once and then did not: the map, or what it is made of, is not deterministic.",
    );
  }
  const { message, actual, expected, operations = [], cause } = failure;
  const lines = operations.map((operation) => `\n  ${operation}`).join("");
  const text = `${message}\nThe fewest operations that show it:${lines}`;
  return new ConformanceError(text, { actual, expected, operations, cause });
}

function stepsFor(bench: Bench): fc.Arbitrary<Step[]> {
  const shared = Boolean(bench.capabilities.handle);
  const object = shared ? fc.nat(1) : fc.constant(0);
  const expected = fc.record({
    isThere: fc.boolean(),
    value: maybe(bench.valueKind.arbitrary, 1),
  });
  const steps = bench.methods.map((method) => {
    const takes = (name: keyof Arguments) => method.takes.includes(name);
    const one = fc.tuple(index, bench.valueKind.arbitrary);
    const arbitrary: fc.Arbitrary<Step> = fc.record({
      method: fc.constant(method),
      key: takes("key") ? index : fc.constant(0),
      value: takes("value") ? bench.valueKind.arbitrary : fc.constant(undefined),
      range: takes("range") ? ranges : fc.constant(noRange),
      expected: takes("expected") ? expected : fc.constant(noneExpected),
      many: takes("keys") || takes("entries") ? fc.array(one, { maxLength: 8 }) : fc.constant([]),
      next: takes("next") ? maybe(bench.valueKind.arbitrary, 4) : fc.constant(undefined),
      object,
    });
    return { weight: method.weight, arbitrary };
  });
  if (shared && bench.capabilities.close) {
    const again = {
      method: undefined,
      key: 0,
      value: undefined,
      range: noRange,
      expected: noneExpected,
      next: undefined,
      many: [],
    };
    const arbitrary = object.map((number): Step => ({ ...again, object: number }));
    steps.push({ weight: 1, arbitrary });
  }
  return fc.array(fc.oneof(...steps), { maxLength: 120, size: "max" });
}

/** One case: a map, the objects that have it open, and what was done to it. */
class Run {
  readonly #bench: Bench;
  readonly #pool: readonly unknown[];
  readonly #model: ReturnType<Bench["model"]>;
  readonly #objects: AnyMap[];
  readonly #operations: string[] = [];

  constructor(bench: Bench, pool: readonly unknown[]) {
    this.#bench = bench;
    this.#pool = pool;
    this.#model = bench.model();
    const map = bench.create();
    this.#objects = bench.capabilities.handle ? [map, bench.attach(map)] : [map];
  }

  /** What is wrong; undefined if all is well. */
  play(steps: readonly Step[]): ConformanceError | undefined {
    try {
      for (const step of steps) this.#take(step);
      for (const map of this.#objects) this.#bench.assertLike(map, this.#model);
      this.#bench.finishAll();
      return undefined;
    } catch (error) {
      return withOperations(error, this.#operations);
    } finally {
      this.#bench.abandon();
    }
  }

  #take(step: Step): void {
    const { method, object } = step;
    const name = this.#objects.length === 1 ? "map" : ["map", "other"][object]!;
    if (method === undefined) {
      this.#operations.push(`${name}.close(); ${name} = attach(handle)`);
      this.#reopen(object);
      return;
    }
    const key = this.#keyOf(step.key);
    const given = {
      key,
      value: step.value,
      range: this.#rangeOf(step.range),
      expected: step.expected.isThere ? this.#model.get(key) : step.expected.value,
      next: step.next,
      keys: step.many.map(([key]) => this.#keyOf(key)),
      entries: step.many.map(([key, value]) => [this.#keyOf(key), value] as const),
    };
    const call = `${method.name}(${method.takes.map((taken) => show(given[taken])).join(", ")})`;
    this.#operations.push(`${name}.${call}`);
    const map = this.#objects[object]!;
    const actual = readOf(method, method.call(map, given), map);
    assertSame(actual, method.answer(this.#model, given), call);
  }

  #reopen(object: number): void {
    const bench = this.#bench;
    const old = this.#objects[object]!;
    const { handle } = old;
    bench.forget(old);
    old.close!();
    this.#objects[object] = bench.keep(bench.capabilities.handle!.attach(handle));
  }

  #keyOf(number: Index): unknown {
    return this.#pool[number % this.#pool.length];
  }

  #rangeOf({ gt, gte, lt, lte, prefix, reverse, offset, limit }: DrawnRange): TestedRange<unknown> {
    const { cut } = this.#bench.kind;
    const range: Record<string, unknown> = {};
    for (const [name, bound] of Object.entries({ gt, gte, lt, lte })) {
      if (bound !== undefined) range[name] = this.#keyOf(bound);
    }
    if (prefix !== undefined && cut) range.prefix = cut(this.#keyOf(prefix[0]), prefix[1]);
    if (reverse !== undefined) range.reverse = reverse;
    if (offset !== undefined) range.offset = offset;
    if (limit !== undefined) range.limit = limit;
    return range;
  }
}

/** The same error, and what was done up to it. */
function withOperations(error: unknown, operations: readonly string[]): ConformanceError {
  const known = error instanceof ConformanceError;
  const { actual, expected } = known ? error : ({} as Partial<ConformanceError>);
  const message = known ? error.message : `The map threw ${describeError(error)}`;
  return new ConformanceError(message, { actual, expected, operations, cause: error });
}
