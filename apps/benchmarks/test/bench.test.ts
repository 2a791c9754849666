// Tests that the parts of the benchmark are correct. No test depends on how fast anything is.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { acceptance, type Measured } from "../src/bench/acceptance.ts";
import { type Key, keyKinds, makeKeys, sortedKeys } from "../src/bench/kinds.ts";
import { Operations, operationNames } from "../src/bench/operations.ts";
import { median, pairedRatio, spread } from "../src/bench/statistics.ts";
import { type BenchSubject, loadBenchSubject, subjectNames } from "../src/bench/subjects.ts";

describe("statistics", () => {
  it("at most half of the samples are below the median, and at most half above", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.1, max: 1e9, noNaN: true }), { minLength: 1 }),
        (samples) => {
          const middle = median(samples);
          const below = samples.filter((sample) => sample < middle).length;
          const above = samples.filter((sample) => sample > middle).length;
          expect(Math.max(below, above)).toBeLessThanOrEqual(samples.length / 2);
        },
      ),
    );
    expect(median([5])).toBe(5);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  it("a ratio compares samples that were taken side by side", () => {
    // The machine slowed down to a tenth for the second pair; the ratio is not affected.
    expect(pairedRatio([30, 3, 30], [10, 1, 10])).toBe(3);
    expect(spread([9, 10, 11])).toBeCloseTo(0.2);
  });
});

const compareBytes = (a: Key, b: Key): number => Buffer.compare(a as Uint8Array, b as Uint8Array);

describe.each(keyKinds.map((kind) => [kind.name, kind] as const))("keys of kind %s", (_, kind) => {
  const count = 50_000;
  const { inserted, probes, probeNumbers } = makeKeys(kind, count, 3);

  it("are all distinct, and of the kind's type", () => {
    const comparable = inserted.map((key) =>
      key instanceof Uint8Array ? Buffer.from(key).toString("hex") : key,
    );
    expect(new Set(comparable).size).toBe(count);
    const type = inserted[0] instanceof Uint8Array ? "bytes" : typeof inserted[0];
    expect(type).toBe(kind.type);
  });

  it("depend only on the seed, and are looked up in a different order than inserted", () => {
    expect(makeKeys(kind, 100, 3)).toEqual(makeKeys(kind, 100, 3));
    expect(probes.every((key, i) => key === inserted[probeNumbers[i]!])).toBe(true);
    expect(probes).not.toEqual(inserted);
  });

  it("are sorted by their bytes", () => {
    const sorted = sortedKeys(kind, inserted);
    expect(sorted).toHaveLength(count);
    const compare =
      kind.type === "bytes" ? compareBytes : (a: Key, b: Key) => (a < b ? -1 : a > b ? 1 : 0);
    expect(sorted.every((key, i) => i === 0 || compare(sorted[i - 1]!, key) < 0)).toBe(true);
  });
});

it("keys have the lengths that their kinds promise", () => {
  const lengths = (name: string): number[] =>
    makeKeys(keyKinds.find((kind) => kind.name === name)!, 1000, 1).inserted.map(
      (key) => (key as string).length,
    );
  expect(new Set(lengths("random16"))).toEqual(new Set([16]));
  expect(median(lengths("urls"))).toBeGreaterThan(35);
  expect(median(lengths("urls"))).toBeLessThan(50);
});

describe.each(subjectNames)("%s", (name) => {
  it.each(["random16", "number8", "bytes8"])("runs every operation over %s", async (kindName) => {
    const kind = keyKinds.find((known) => known.name === kindName)!;
    const subject = await loadBenchSubject(name);
    if (!subject.keyTypes.includes(kind.type)) return;
    const operations = new Operations(subject, kind, 500, 1);
    for (const operation of operationNames) {
      if (!operations.can(operation)) continue;
      expect(operations.run(operation)).toBeGreaterThan(0);
      if (operation === "set") expect(operations.bytesPerKey()).not.toBeNaN();
    }
    operations.release();
  });
});

describe("a measurement fails if the work was not done", () => {
  const kind = keyKinds[0]!;
  const broken = async (change: Partial<BenchSubject>): Promise<Operations> =>
    new Operations({ ...(await loadBenchSubject("Map")), ...change }, kind, 500, 1);

  it("because keys are missing", async () => {
    const forgetful = class extends Map<Key, unknown> {
      override set(key: Key, value: unknown): this {
        return this.size === 99 ? this : super.set(key, value);
      }
    };
    const operations = await broken({ create: () => new forgetful() });
    operations.run("set");
    expect(() => operations.run("get")).toThrow(/Map, random16: (key|get)/);
    expect(() => operations.run("scan")).toThrow("scan met 99 keys instead of 500");
    expect(() => operations.run("delete")).toThrow("delete met 99 keys instead of 500");
  });

  it("because values are wrong", async () => {
    const operations = await broken({ isValue: (found, i) => found === i + 7 });
    expect(() => operations.run("get")).toThrow("Map, random16: key 0 has the wrong value 0");
  });
});

describe("the acceptance figures", () => {
  const measured = (subject: string, operation: string, ratio: number): Measured => ({
    kind: "random16",
    subject,
    operation,
    unit: "per second",
    samples: [1],
    median: ratio,
    ratio,
  });
  const input = {
    keys: 1_000_000,
    cores: 4,
    baseline: "sorted-btree",
    measured: [
      measured("MassTreeInline", "get", 3.5),
      measured("MassTreeInline", "set", 1.9),
      measured("MassTreeInline", "bytes per key", 60),
    ],
    scaled: [
      { subject: "MassTreeInline", threads: 2, samples: [1], median: 1, growth: 1.8 },
      { subject: "MassTreeInline", threads: 4, samples: [1], median: 1, growth: 2.9 },
    ],
  };
  const met = (given: typeof input): Record<string, boolean | undefined> =>
    Object.fromEntries(acceptance(given).map((figure) => [figure.what, figure.met]));

  it("are met or not met according to the measurements", () => {
    expect(met(input)).toMatchObject({
      "MassTreeInline: get vs sorted-btree": true,
      "MassTreeInline: set vs sorted-btree": false,
      "MassTreeInline: bytes per key": true,
      "MassTreeInline: get, 2 threads vs 1": true,
      "MassTreeInline: get, 4 threads vs 1": false,
    });
  });

  it("are neither if they were not measured, or cannot be measured on this machine", () => {
    expect(Object.values(met({ ...input, measured: [], scaled: [] }))).not.toContain(true);
    expect(met({ ...input, cores: 2 })).toMatchObject({
      "MassTreeInline: get, 2 threads vs 1": true,
      "MassTreeInline: get, 4 threads vs 1": undefined,
    });
    expect(met({ ...input, baseline: "Map" })).toMatchObject({
      "MassTreeInline: get vs sorted-btree": undefined,
    });
  });
});
