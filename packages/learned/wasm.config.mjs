// The index, with plain value words and with boxes (BOXED); and, for tests only, with preconditions checked and budgets so
// small that rebuilding is common. The latter are not embedded: tests read build/*.wasm. WIDTH is for what it takes of the
// tree; here it is the slots of a line.
const imports = ["host.isGone", "host.now", "host.tell"];
const constants = "assembly/boundary.ts";

/** @type {import("@tooling/assemblyscript").WasmEntry[]} */
export default [
  {
    name: "learned",
    entry: "assembly/module.ts",
    use: { WIDTH: 3, DEBUG: 0, HOST: 1, BOXED: 0 },
    embed: true,
    imports,
    boundary: { file: "learned-exports", interface: "LearnedExports", constants },
  },
  {
    name: "learned-boxed",
    entry: "assembly/boxed.ts",
    use: { WIDTH: 3, DEBUG: 0, HOST: 1, BOXED: 1 },
    embed: true,
    imports,
    boundary: { file: "learned-boxed-exports", interface: "LearnedBoxExports" },
  },
  { name: "learned-debug", entry: "assembly/module.ts", use: { WIDTH: 3, DEBUG: 1, BOXED: 0 } },
  {
    name: "learned-boxed-debug",
    entry: "assembly/boxed.ts",
    use: { WIDTH: 3, DEBUG: 1, BOXED: 1 },
  },
];
