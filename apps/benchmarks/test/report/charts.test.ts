import fc from "fast-check";
import { expect, test } from "vitest";
import { broken, linearTicks, logTicks, shortened } from "../../src/bench/html/charts/frame.ts";
import { spread } from "../../src/bench/html/charts/lines.ts";
import { short, time, timesRange } from "../../src/bench/html/numbers.ts";

test("labels at the ends of lines keep their distance and their order, within the plot", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 20, max: 200, noNaN: true }), { minLength: 1, maxLength: 13 }),
      (at) => {
        const labels = at.sort((a, b) => a - b).map((pixel) => ({ pixel }));
        spread(labels, 12, 204);
        for (const [n, { pixel }] of labels.entries()) {
          expect(pixel).toBeLessThanOrEqual(204);
          if (n > 0) expect(pixel - labels[n - 1]!.pixel).toBeGreaterThanOrEqual(12 - 1e-9);
        }
      },
    ),
  );
});

test("ticks lie within the scale, few and ascending", () => {
  const positive = fc.double({ min: 1e-9, max: 1e15, noNaN: true });
  fc.assert(
    fc.property(positive, fc.double({ min: 1.5, max: 1e9, noNaN: true }), (low, factor) => {
      const ticks = logTicks(low, low * factor, 6);
      expect(ticks.length).toBeLessThanOrEqual(6);
      for (const tick of ticks) {
        expect(tick).toBeGreaterThanOrEqual(low * 0.999);
        expect(tick).toBeLessThanOrEqual(low * factor * 1.001);
      }
      expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b));
    }),
  );
  fc.assert(
    fc.property(positive, (high) => {
      const ticks = linearTicks(high);
      expect(ticks[0]).toBe(0);
      expect(ticks.length).toBeGreaterThan(2);
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect(ticks.at(-1)).toBeLessThanOrEqual(high * (1 + 1e-9));
    }),
  );
});

test("a name is broken into two lines at most, each short enough", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (name) => {
      const lines = broken(name, 18).split("\n");
      expect(lines.length).toBeLessThanOrEqual(2);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(18);
    }),
  );
  expect(broken("shared-memory-datastructures")).toBe("shared-memory-\ndatastructures");
  expect(broken("MassTree (json)")).toBe("MassTree (json)");
  expect(shortened("abcdef", 4)).toBe("abc…");
});

test.each([
  [0, "0"],
  [0.1234, "0.123"],
  [999.4, "999"],
  [999.9, "1 K"],
  [999_999, "1 M"],
  [1_234_567, "1.23 M"],
  [9_999_999_999, "10 G"],
  [-2500, "-2.5 K"],
])("%d is shown as %s", (value, text) => {
  expect(short(value)).toBe(text);
});

test.each([
  [0, "0 ns"],
  [850, "850 ns"],
  [999.7, "1 µs"],
  [35e6, "35 ms"],
  [2.14e9, "2.14 s"],
])("%d nanoseconds are shown as %s", (value, text) => {
  expect(time(value)).toBe(text);
});

test("a range of factors names both ends, or one if they look the same", () => {
  expect(timesRange([2, 3.5, 2.2])).toBe("2.00 to 3.50×");
  expect(timesRange([2.001, 2.003])).toBe("2.00×");
});
