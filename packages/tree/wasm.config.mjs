// The tree at the two published widths; and, for tests only, with tiny leaves, in which splits are
// common, and with preconditions checked. The latter are not embedded: tests read build/*.wasm.
const entry = "assembly/module.ts";
const published = [15, 24];
const tested = [3, 4, 7, 15, 24];

const boundary = {
  file: "tree-exports",
  interface: "TreeExports",
  constants: "assembly/boundary.ts",
};

/** @type {import("@tooling/assemblyscript").WasmEntry[]} */
export default [
  ...published.map((WIDTH) => ({
    name: `tree-${WIDTH}`,
    entry,
    use: { WIDTH, DEBUG: 0, HOST: 1 },
    embed: true,
    imports: ["host.isGone", "host.now", "host.tell"],
    ...(WIDTH === published[0] && { boundary }),
  })),
  ...tested.map((WIDTH) => ({ name: `tree-${WIDTH}-debug`, entry, use: { WIDTH, DEBUG: 1 } })),
];
