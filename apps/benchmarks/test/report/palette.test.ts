// Measures the colours: contrast to the background, and distance from each other as eyes with two kinds of cones see
// them (Machado, Oliveira and Fernandes, 2009, at full severity).
import { expect, test } from "vitest";
import {
  background,
  foreground,
  looks,
  muted,
  type Shade,
  shades,
} from "../../src/bench/html/palette.ts";

type Triple = [number, number, number];

const sights: Record<string, readonly Triple[]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  "no red cones": [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  "no green cones": [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

const linear = (color: string): Triple =>
  [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as Triple;

const luminance = (color: string): number => {
  const [red, green, blue] = linear(color);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** CIE L*a*b*. */
function seen(color: string, sight: readonly Triple[]): Triple {
  const rgb = linear(color);
  const [r, g, b] = sight.map((row) =>
    Math.min(1, Math.max(0, row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2])),
  ) as Triple;
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const distance = (a: Triple, b: Triple): number => Math.hypot(...a.map((part, n) => part - b[n]!));

const themes: (keyof Shade)[] = ["light", "dark"];

test.each(themes)("every colour stands out from the %s background", (theme) => {
  for (const shade of shades) expect(contrast(shade[theme], background[theme])).toBeGreaterThan(3);
  for (const text of [foreground, muted]) {
    expect(contrast(text[theme], background[theme])).toBeGreaterThan(4.5);
  }
});

test.each(themes)("%s colours stay apart, also for eyes with two kinds of cones", (theme) => {
  for (const [name, sight] of Object.entries(sights)) {
    const colors = shades.map((shade) => seen(shade[theme], sight));
    for (const [n, color] of colors.entries()) {
      for (const other of colors.slice(0, n)) {
        expect(distance(color, other), `${shades[n]![theme]}, ${name}`).toBeGreaterThan(15);
      }
    }
  }
});

test("a peer looks the same whatever else was measured", () => {
  const alone = looks([{ name: "lmdb" }]);
  const among = looks([{ name: "unknown" }, { name: "Map" }, { name: "lmdb" }]);
  expect(among.get("lmdb")).toEqual(alone.get("lmdb"));
});

test("no two peers look the same as long as there are looks", () => {
  const names = [
    ...Array.from({ length: 10 }, (_, n) => `unknown ${n}`),
    "Map",
    "MassTreeInline",
    "lmdb",
  ];
  const given = looks(names.map((name) => ({ name })));
  expect(new Set([...given.values()].map(({ color }) => color)).size).toBe(names.length);
  expect(new Set([...given.values()].map(({ symbol }) => symbol)).size).toBe(names.length);
});
