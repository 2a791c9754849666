// One colour and one symbol for each peer, the same on the whole page and from report to report.
//
// The colours were searched for by computer: thirteen that stay apart for normal sight, without red cones and
// without green cones, each with a contrast of at least 3 to its background. palette.test.ts measures both again. A plot
// never tells peers apart by colour alone: bars have their names beside them, and dots have symbols.
import type { PeerEntry } from "../result.ts";

export interface Look {
  /** The colour as CSS: a variable, so that the theme decides. */
  readonly color: string;
  /** A symbol of Observable Plot. */
  readonly symbol: Symbol;
}

type Symbol = (typeof symbols)[number];

export interface Shade {
  readonly light: string;
  readonly dark: string;
}

export const background: Shade = { light: "#ffffff", dark: "#15181d" };
export const foreground: Shade = { light: "#1d2127", dark: "#e6e8eb" };
/** For axes, captions and what is less important. */
export const muted: Shade = { light: "#5a626d", dark: "#a3abb6" };

export const shades: readonly Shade[] = [
  { light: "#20659b", dark: "#408de2" },
  { light: "#0c9c80", dark: "#44bca3" },
  { light: "#6c7fe4", dark: "#0071f9" },
  { light: "#5b2c05", dark: "#c8570f" },
  { light: "#595455", dark: "#e5dfe0" },
  { light: "#7c1b63", dark: "#b5417d" },
  { light: "#947e1e", dark: "#ceb178" },
  { light: "#571e26", dark: "#d35563" },
  { light: "#447b36", dark: "#a7dd28" },
  { light: "#408086", dark: "#89cfe8" },
  { light: "#4a2498", dark: "#d6e9b2" },
  { light: "#4893bc", dark: "#097eb3" },
  { light: "#743eea", dark: "#7bc142" },
];

const symbols = [
  "circle",
  "square",
  "triangle",
  "diamond",
  "cross",
  "star",
  "wye",
  "square2",
  "triangle2",
  "diamond2",
  "plus",
  "times",
  "asterisk",
] as const;

/** Peers whose place is fixed. Others take the places that are free, in the order of the result. */
const fixed = [
  "MassTree (json)",
  "MassTreeInline",
  "LocalMassTree",
  "sorted-btree",
  "Map",
  "js-sdsl",
  "memory-level",
  "lmdb",
  "ShareableMap",
  "messages",
  "SharedMap",
  "MassTree (utf8)",
  "Map + sort",
];

/** The look of each peer. After thirteen peers, looks repeat. */
export function looks(peers: readonly Pick<PeerEntry, "name">[]): Map<string, Look> {
  const taken = new Set(peers.map(({ name }) => fixed.indexOf(name)));
  let next = 0;
  const free = (): number => {
    while (taken.has(next)) next++;
    return next++;
  };
  return new Map(
    peers.map(({ name }) => {
      const place = fixed.includes(name) ? fixed.indexOf(name) : free();
      const color = `var(--peer-${place % shades.length})`;
      return [name, { color, symbol: symbols[place % symbols.length]! }];
    }),
  );
}

/** The declarations of all colours, with a value for each theme. */
export function colorVariables(value: (shade: Shade) => string): string {
  const named: [string, Shade][] = [
    ["background", background],
    ["foreground", foreground],
    ["muted", muted],
    ...shades.map((shade, place): [string, Shade] => [`peer-${place}`, shade]),
  ];
  return named.map(([name, shade]) => `--${name}: ${value(shade)};`).join(" ");
}
