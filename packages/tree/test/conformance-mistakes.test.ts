// The suite tested: it notices every planted mistake, says how to replay it, and passes what is right.
import { seed } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KeyType } from "../src/index.ts";
import {
  ConformanceError,
  type MapCheck,
  mapChecks,
  runThread,
  stringKeys,
} from "../src/test-suite/index.ts";
import { same } from "../src/test-suite/same.ts";
import { subjectOf } from "./conformance-subject.ts";
import { SortedArrayMap } from "./sorted-array-map.ts";
import { openWords, WordMap } from "./word-map.ts";
import { wrongMaps } from "./wrong-maps.ts";

/** What the first of these checks that fails throws; undefined if all pass. */
async function failureOf(checks: readonly MapCheck[]): Promise<unknown> {
  for (const { run } of checks) {
    try {
      await run();
    } catch (error) {
      return error;
    }
  }
  return undefined;
}

const isOf = (wanted: string) => (check: MapCheck) => check.group === wanted;
const wordsWith = (Class: typeof WordMap) => subjectOf(stringKeys, { runs: 100, Class });

test.each(wrongMaps)("%s: noticed by the checks of %s", async (_, group, Class) => {
  const checks = mapChecks(wordsWith(Class)).filter(isOf(group));
  expect(checks).not.toEqual([]);
  expect(await failureOf(checks)).toBeInstanceOf(ConformanceError);
});

test("a subject that declares what there is not is refused", () => {
  const subject = wordsWith(WordMap);
  const capabilities = { ...subject.capabilities, replcae: true };
  expect(() => mapChecks({ ...subject, capabilities })).toThrow(
    "There is no capability 'replcae'. There are: replace, exchange, setIfAbsent,",
  );
});

test.each([undefined, null, Promise.resolve(), {}])(
  "a 'create' that returns %s is told what it must return",
  async (made) => {
    const checks = mapChecks({ ...wordsWith(WordMap), create: () => made as never });
    const failure = await failureOf(checks);
    expect(failure).toBeInstanceOf(ConformanceError);
    expect((failure as ConformanceError).message).toContain("'attach' must return a map, not ");
  },
);

test("every group of checks notices a mistake", () => {
  const groups = new Set(mapChecks(wordsWith(WordMap)).map(({ group }) => group));
  // Of threads, the tests below.
  groups.delete("threads");
  expect(new Set(wrongMaps.map(([, group]) => group))).toEqual(groups);
});

describe("a rare mistake", () => {
  class LosesNeighbour extends SortedArrayMap<number> {
    /** Deletes the key after as well, when more than two are left of a longer map. */
    override delete(key: string): boolean {
      const deleted = super.delete(key);
      const next = this.keys({ gt: key }).next();
      if (deleted && this.size > 2 && !next.done) super.delete(next.value);
      return deleted;
    }
  }
  const subject = {
    create: () => new LosesNeighbour(),
    keys: stringKeys,
    values: { arbitrary: fc.nat() },
    capabilities: {},
  };

  test("is told by the fewest operations, and the seed that replays them", async () => {
    const failures: ConformanceError[] = [];
    for (const again of [seed, seed, seed + 1]) {
      const checks = mapChecks({ ...subject, seed: again }).filter(isOf("model"));
      failures.push((await failureOf(checks)) as ConformanceError);
    }
    const [first, second] = failures;
    expect(first!.seed).toBe(seed);
    expect(first!.message).toContain(`Replay with seed: ${seed}`);
    for (const operation of first!.operations!) expect(first!.message).toContain(operation);
    // Four sets, a delete, and what sees it, unless the last comparison does.
    for (const { operations } of failures) {
      const names = operations!.map((line) => line.replace(/^\w+\.(\w+)\(.*/s, "$1"));
      expect(names.slice(0, 5).sort()).toEqual(["delete", "set", "set", "set", "set"]);
      expect(names.length).toBeLessThanOrEqual(6);
    }
    expect(second!.operations).toEqual(first!.operations);
  });
});

describe("what a capability is not declared for", () => {
  test("is not tested, but must not be there", async () => {
    const right = wordsWith(WordMap);
    const { replace: _, ...capabilities } = right.capabilities;
    const checks = mapChecks({ ...right, capabilities });
    expect(checks.filter(isOf("replace"))).toEqual([]);
    const failure = await failureOf(checks.filter(isOf("capabilities")));
    expect((failure as Error).message).toMatch(/^The map has a member 'replace'\. Declare/);
  });

  test("is fine for a map that has none of them", async () => {
    const checks = mapChecks({
      create: () => new SortedArrayMap<fc.JsonValue>(),
      keys: stringKeys,
      values: { arbitrary: fc.jsonValue() },
      capabilities: {},
      seed,
    });
    expect(checks.length).toBeGreaterThan(50);
    for (const { run } of checks) await run();
  });
});

describe("threads", () => {
  /** Threads that take turns. */
  const inTurns = (Class: typeof WordMap) => {
    const right = wordsWith(WordMap);
    const start = async (handle: unknown, job: Parameters<typeof runThread>[1]) =>
      runThread(new Class({}, openWords(handle as never)), job);
    const capabilities = { ...right.capabilities, threads: { start }, release: false };
    return mapChecks({ ...right, capabilities }).filter(isOf("threads"));
  };

  test("may take turns", async () => {
    for (const { run } of inTurns(WordMap)) await run();
  });

  test.each<[mistake: string, check: RegExp, Class: typeof WordMap]>([
    [
      "a set is lost",
      /fill/,
      class extends WordMap {
        override set(key: string, value: bigint): this {
          return this.size === 300 ? this : super.set(key, value);
        }
      } as typeof WordMap,
    ],
    [
      "a read gives half a value",
      /whole/,
      class extends WordMap {
        override get(key: string): bigint | undefined {
          const value = super.get(key);
          return value === undefined ? value : value & 0xffffffffn;
        }
      } as typeof WordMap,
    ],
    [
      "a scan misses keys",
      /scan/,
      class<K extends KeyType> extends WordMap<K> {
        override keys(range?: object) {
          return super.keys({ ...range, limit: 100 });
        }
      } as typeof WordMap,
    ],
    [
      "update loses updates",
      /that update/,
      class<K extends KeyType> extends WordMap<K> {
        #updates = 0;
        override update(
          key: K,
          callback: (old: bigint | undefined, key: K) => bigint | undefined,
        ): bigint | undefined {
          return this.#updates++ === 300 ? super.get(key) : super.update(key, callback);
        }
      } as typeof WordMap,
    ],
    [
      "replace gives what another thread has got",
      /that replace/,
      class<K extends KeyType> extends WordMap<K> {
        override replace(key: K, value: bigint): bigint | undefined {
          super.replace(key, value);
          return super.replace(key, value);
        }
      } as typeof WordMap,
    ],
  ])("%s: noticed", async (_, name, Class) => {
    const checks = inTurns(Class).filter((check) => name.test(check.name));
    expect(checks).toHaveLength(1);
    expect(await failureOf(checks)).toBeInstanceOf(ConformanceError);
  });
});

describe("same", () => {
  class Point {
    readonly x: number;
    constructor(x: number) {
      this.x = x;
    }
  }
  class Hidden {
    readonly #x: number;
    constructor(x: number) {
      this.#x = x;
    }
    equals(other: Hidden): boolean {
      return other.#x === this.#x;
    }
  }
  class Opaque {}
  const groups: (() => unknown)[] = [
    () => 0,
    () => -0,
    () => Number.NaN,
    () => 1n,
    () => "1",
    () => null,
    () => undefined,
    () => [],
    () => [1],
    () => [1, 2],
    () => ({}),
    () => ({ a: 1 }),
    () => ({ a: undefined }),
    () => ({ b: undefined }),
    () => new Date(0),
    () => new Date(Number.NaN),
    () => Uint8Array.of(1, 2),
    () => Int8Array.of(1, 2),
    () => Uint8Array.of(1, 2).buffer,
    () => new Map([[1, 2]]),
    () => new Map([[1, 3]]),
    () => new Set([1]),
    () => new Point(1),
    () => new Point(2),
    () => new Hidden(1),
    () => new Hidden(2),
  ];

  test("holds of what has equal contents, and of nothing else", () => {
    for (const [i, one] of groups.entries()) {
      for (const [j, other] of groups.entries())
        expect(same(one(), other()), `${i} ${j}`).toBe(i === j);
    }
  });

  test("refuses to guess", () => {
    expect(() => same(new Opaque(), new Opaque())).toThrow(/class Opaque.*'equals'/);
  });
});
