// The tree with boxed values at the two published widths; and, for tests only, with tiny leaves and
// with preconditions checked. The latter are not embedded: tests read build/*.wasm.
const entry = "assembly/index.ts";
const published = [15, 24];
const tested = [3, 4, 7, 15, 24];

const boundary = {
  file: "box-exports",
  interface: "BoxExports",
  constants: "assembly/boundary.ts",
};

/** @type {import("@tooling/assemblyscript").WasmEntry[]} */
export default [
  ...published.map((WIDTH) => ({
    name: `boxed-${WIDTH}`,
    entry,
    use: { WIDTH, DEBUG: 0, HOST: 1 },
    embed: true,
    imports: ["host.isGone", "host.now", "host.tell"],
    ...(WIDTH === published[0] && { boundary }),
  })),
  ...tested.map((WIDTH) => ({ name: `boxed-${WIDTH}-debug`, entry, use: { WIDTH, DEBUG: 1 } })),
];
