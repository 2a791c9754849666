// The parts of the benchmark. No test depends on how fast anything is.
import { random } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kindsOfKeys, sizes, workloadList } from "../src/bench/arguments.ts";
import { type ChoiceName, chooser, EXPONENT, spread, zipfian } from "../src/bench/choice.ts";
import { absentFor, makeKeySet, readKeys } from "../src/bench/keys/key-set.ts";
import { keyKinds, LONG_PREFIX } from "../src/bench/keys/kinds.ts";
import { createHistogram, encode, record, summarise } from "../src/bench/latency.ts";
import { comparisonFor } from "../src/bench/peers/order.ts";
import { loadPeer } from "../src/bench/peers/registry.ts";
import { reasonAgainst, tasksOf } from "../src/bench/plan.ts";
import { median, ratioOf, spread as spreadOf } from "../src/bench/statistics.ts";
import { nanoseconds } from "../src/bench/tables.ts";
import { workloadNames, workloadOf, workloads } from "../src/bench/workloads.ts";

const words = (stream: number) => {
  const next = random(stream);
  return () => Math.floor(next() * 2 ** 32);
};

describe("statistics", () => {
  it("at most half of the samples are below the median, and at most half above", () => {
    const sample = fc.double({ min: 0.1, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1 }), (samples) => {
        const middle = median(samples);
        const below = samples.filter((each) => each < middle).length;
        const above = samples.filter((each) => each > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(samples.length / 2);
      }),
    );
    expect(median([5])).toBe(5);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  it("a ratio compares samples of the same round", () => {
    // The machine slowed down to a tenth for the second round; the ratio is not affected.
    expect(ratioOf([30, 3, 30], [10, 1, 10])).toEqual({ median: 3, min: 3, max: 3 });
    expect(ratioOf([1, 2], [1, 1, 1])).toEqual({ median: 1.5, min: 1, max: 2 });
    expect(ratioOf([], [1])).toBeUndefined();
    expect(spreadOf([9, 10, 11])).toBeCloseTo(0.2);
  });

  it("a histogram tells percentiles within three digits, over several threads", () => {
    const parts = [0, 1].map((half) => {
      const histogram = createHistogram();
      for (let i = half; i < 10_000; i += 2) record(histogram, i);
      return encode(histogram);
    });
    const latency = summarise(parts)!;
    expect(latency.count).toBe(10_000);
    for (const [found, exact] of [
      [latency.p50, 5000],
      [latency.p99, 9900],
      [latency.p99_9, 9990],
      [latency.max, 9999],
    ] as const) {
      expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact / 500);
    }
    expect(summarise([encode(createHistogram())])).toBeUndefined();
  });

  it("times are shown with the unit that leaves a small number", () => {
    expect([420, 1300, 45_600, 2_500_000, 3e9].map(nanoseconds)).toEqual([
      "420ns",
      "1.3us",
      "46us",
      "2.5ms",
      "3.0s",
    ]);
  });
});

describe("choices", () => {
  it("zipfian ranks come in proportion to 1 / rank^0.99", () => {
    const count = 1000;
    const draws = 400_000;
    const seen = new Uint32Array(count);
    const draw = zipfian(count, words(1));
    for (let i = 0; i < draws; i++) seen[draw()]!++;
    let total = 0;
    for (let rank = 1; rank <= count; rank++) total += rank ** -EXPONENT;
    // Groups of ranks, so that each expects many: 1, 2, 3-4, 5-8, ...
    for (let from = 1; from <= count; from *= 2) {
      const to = Math.min(count, 2 * from - 1);
      let expected = 0;
      let found = 0;
      for (let rank = from; rank <= to; rank++) {
        expected += (draws * rank ** -EXPONENT) / total;
        found += seen[rank - 1]!;
      }
      // Six standard deviations: by chance once in 500 million.
      expect(Math.abs(found - expected)).toBeLessThan(6 * Math.sqrt(expected) + 1);
    }
  });

  it("zipfian is right for one key and for two", () => {
    const one = zipfian(1, words(2));
    expect(Array.from({ length: 100 }, one)).toEqual(new Array(100).fill(0));
    const two = zipfian(2, words(3));
    const first = Array.from({ length: 30_000 }, two).filter((rank) => rank === 0).length;
    const expected = 30_000 / (1 + 2 ** -EXPONENT);
    expect(Math.abs(first - expected)).toBeLessThan(6 * Math.sqrt(expected));
  });

  it("spreading is a bijection at every size", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), (count) => {
        const place = spread(count);
        const places = new Set(Array.from({ length: count }, (_, rank) => place(rank)));
        expect(places.size).toBe(count);
        for (const each of places) expect(each >= 0 && each < count).toBe(true);
      }),
    );
    // Products stay exact at the largest size.
    const place = spread(31_999_999);
    expect(Number.isSafeInteger(31_999_998 * 31_999_999)).toBe(true);
    expect(place(31_999_998)).toBeLessThan(31_999_999);
  });

  it.each<ChoiceName>(["uniform", "zipfian", "latest", "sequential"])(
    "%s stays below the count",
    (name) => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(1000), (count, start) => {
          const choose = chooser(name, count, words(4), start);
          for (let i = 0; i < 50; i++) {
            const chosen = choose();
            expect(Number.isInteger(chosen) && chosen >= 0 && chosen < count).toBe(true);
          }
        }),
      );
    },
  );

  it("uniform reaches every key about equally often", () => {
    const seen = new Uint32Array(100);
    const choose = chooser("uniform", 100, words(5));
    for (let i = 0; i < 100_000; i++) seen[choose()]!++;
    for (const times of seen) expect(Math.abs(times - 1000)).toBeLessThan(6 * Math.sqrt(1000));
  });

  it("latest favours the newest, sequential goes on where it is and begins again", () => {
    const back = Array.from({ length: 10_000 }, chooser("latest", 1000, words(6)));
    const times = (distance: number): number => back.filter((each) => each === distance).length;
    expect(times(0)).toBeGreaterThan(times(1));
    expect(times(1)).toBeGreaterThan(times(10));
    const next = chooser("sequential", 4, words(7), 2);
    expect(Array.from({ length: 6 }, next)).toEqual([2, 3, 0, 1, 2, 3]);
  });
});

const root = new URL("../../../", import.meta.url).pathname;
const generated = keyKinds.filter(({ key }) => key !== undefined);

describe.each(generated.map((kind) => [kind.name, kind] as const))(
  "keys of kind %s",
  (name, kind) => {
    const size = 4000;
    const source = { kind: name, size, seed: 3, root };
    const text = (key: unknown): string =>
      key instanceof Uint8Array ? Buffer.from(key).toString("hex") : JSON.stringify(key);

    it("are distinct, sorted as maps sort them, and absent ones follow", async () => {
      const set = await makeKeySet(source);
      const keys = readKeys(set);
      expect(keys).toHaveLength(size + absentFor(size));
      expect(new Set(keys.map(text)).size).toBe(keys.length);
      const compare = comparisonFor(set);
      for (let i = 1; i < size; i++) expect(compare(keys[i - 1]!, keys[i]!)).toBeLessThan(0);
      const type =
        keys[0] instanceof Uint8Array ? "bytes" : Array.isArray(keys[0]) ? "tuple" : typeof keys[0];
      expect(type).toBe(kind.type);
    });

    it("depend only on the seed", async () => {
      const [one, two] = [await makeKeySet(source), await makeKeySet(source)];
      expect(readKeys(one).map(text)).toEqual(readKeys(two).map(text));
    });
  },
);

it("keys have the lengths that their kinds promise", async () => {
  const lengths = async (kind: string): Promise<number[]> =>
    readKeys(await makeKeySet({ kind, size: 500, seed: 1, root })).map(
      (key) => (key as string).length,
    );
  expect(new Set(await lengths("hex16"))).toEqual(new Set([16]));
  expect(new Set(await lengths("uuid"))).toEqual(new Set([36]));
  expect(LONG_PREFIX).toHaveLength(200);
  expect(new Set(await lengths("long-prefix"))).toEqual(new Set([212]));
  const middle = median(await lengths("urls"));
  expect(middle).toBeGreaterThan(35);
  expect(middle).toBeLessThan(50);
});

describe("the plan", () => {
  it("takes each workload's usual choice, or those that are wanted and known to it", () => {
    const plan = (choices: ChoiceName[]) =>
      tasksOf({ workloads: ["get", "ycsb-a", "ycsb-d", "scan"], threads: [1], choices }).map(
        ({ workload, choice }) => `${workload} ${choice}`,
      );
    expect(plan([])).toEqual(["get uniform", "ycsb-a zipfian", "ycsb-d latest", "scan undefined"]);
    expect(plan(["uniform", "sequential"])).toEqual([
      "get uniform",
      "get sequential",
      "ycsb-a uniform",
      "ycsb-a sequential",
      "ycsb-d latest",
      "scan undefined",
    ]);
  });

  it("says why a peer cannot do a task", async () => {
    const facts = { type: "string", size: 1000, longestKey: 16, ascii: true } as const;
    const reason = async (peer: string, workload: string, threads = 1, more = {}) =>
      reasonAgainst(
        await loadPeer(peer),
        { workload, threads, choice: undefined },
        { ...facts, ...more },
      );
    expect(await reason("Map", "get")).toBeUndefined();
    expect(await reason("Map", "scan-100")).toBe("it has no order");
    expect(await reason("Map", "get", 1, { size: 20_000_000 })).toMatch(/at most 16,777,216/);
    expect(await reason("Map", "get", 2)).toBe("one thread alone has it");
    expect(await reason("ShareableMap", "get", 2)).toBeUndefined();
    expect(await reason("ShareableMap", "update", 2)).toMatch(/no locks/);
    expect(await reason("MassTreeInline", "update", 2)).toBeUndefined();
    expect(await reason("MassTreeInline", "get-fresh", 1, { type: "number" })).toBe(
      "these keys are no text",
    );
    expect(await reason("SharedMap", "get", 1, { size: 1e6, longestKey: 65_536 })).toMatch(
      /longest key/,
    );
    expect(await reason("lmdb", "get", 1, { longestKey: 5000 })).toMatch(/at most 1978 bytes/);
  });

  it("workloads have distinct names, and mixes are of 100", () => {
    expect(new Set(workloadNames).size).toBe(workloads.length);
    for (const { shape, name } of workloads) {
      if (shape.kind !== "steady") continue;
      const total = shape.mix.reduce((sum, [, share]) => sum + share, 0);
      expect([name, total]).toEqual([name, 100]);
    }
  });

  it("YCSB's workloads are as it defines them", () => {
    const mix = (letter: string) => workloadOf(`ycsb-${letter}`).shape;
    const usual = (letter: string) => workloadOf(`ycsb-${letter}`).choices[0];
    expect(mix("a")).toMatchObject({
      mix: [
        ["get", 50],
        ["update", 50],
      ],
    });
    expect(mix("b")).toMatchObject({
      mix: [
        ["get", 95],
        ["update", 5],
      ],
    });
    expect(mix("c")).toMatchObject({ mix: [["get", 100]] });
    expect(mix("d")).toMatchObject({
      mix: [
        ["get", 95],
        ["insert", 5],
      ],
    });
    expect(mix("e")).toMatchObject({
      mix: [
        ["scan", 95],
        ["insert", 5],
      ],
    });
    expect(mix("f")).toMatchObject({
      mix: [
        ["get", 50],
        ["modify", 50],
      ],
    });
    expect([..."abcdef"].map(usual)).toEqual([
      "zipfian",
      "zipfian",
      "zipfian",
      "latest",
      "zipfian",
      "zipfian",
    ]);
  });
});

describe("arguments", () => {
  it("sizes may be written as 1K and 20M", () => {
    expect(sizes("1K,2_000,20M, 1.5k ,1K")).toEqual([1000, 1500, 2000, 20_000_000]);
    for (const bad of ["", "1", "0", "-5", "1G", "1.5", "33M", "1,,2", "many"]) {
      expect(() => sizes(bad), bad).toThrow(/such as 1K,200K,20M/);
    }
  });

  it("a file's path may contain commas; names may not be unknown", () => {
    expect(kindsOfKeys()("file:a,b.txt")).toEqual(["file:a,b.txt"]);
    expect(kindsOfKeys()("urls,hex16")).toEqual(["hex16", "urls"]);
    const twice = kindsOfKeys();
    twice("urls");
    expect(twice("file:x")).toEqual(["urls", "file:x"]);
    expect(kindsOfKeys()("all")).toHaveLength(keyKinds.length);
    expect(() => kindsOfKeys()("emoji")).toThrow(/no 'emoji'. Choose from 'hex16'/);
    expect(() => kindsOfKeys()("file:")).toThrow(/path after 'file:'/);
  });

  it("workloads are taken by name, as a family, or all", () => {
    expect(workloadList()("get,scan-100")).toEqual(["get", "scan-100"]);
    expect(workloadList()("ycsb")).toHaveLength(6);
    expect(workloadList()("all")).toEqual(workloadNames);
    expect(() => workloadList()("dance")).toThrow(/no 'dance'. Choose from 'memory'/);
  });
});
