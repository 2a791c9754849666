const widths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 24];

/** @type {import("@tooling/assemblyscript").WasmEntry[]} */
export default [
  ...widths.map((WIDTH) => ({
    name: `permuter-${WIDTH}`,
    entry: "assembly/index.ts",
    use: { WIDTH, DEBUG: 0 },
    embed: true,
    boundary: { file: "permuter-exports", interface: "PermuterExports" },
  })),
  { name: "permuter-15-debug", entry: "assembly/index.ts", use: { WIDTH: 15, DEBUG: 1 } },
  { name: "permuter-24-debug", entry: "assembly/index.ts", use: { WIDTH: 24, DEBUG: 1 } },
];
