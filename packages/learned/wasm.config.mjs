// The index; and, for tests only, with preconditions checked and budgets so small that rebuilding is common. The latter
// is not embedded: tests read build/*.wasm. WIDTH is for what it takes of the tree; here it is the slots of a line.
const entry = "assembly/module.ts";

/** @type {import("@tooling/assemblyscript").WasmEntry[]} */
export default [
  {
    name: "learned",
    entry,
    use: { WIDTH: 3, DEBUG: 0, HOST: 1 },
    embed: true,
    imports: ["host.isGone", "host.now", "host.tell"],
    boundary: {
      file: "learned-exports",
      interface: "LearnedExports",
      constants: "assembly/boundary.ts",
    },
  },
  { name: "learned-debug", entry, use: { WIDTH: 3, DEBUG: 1 } },
];
