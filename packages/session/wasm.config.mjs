// No structure of its own: the types that all structures share are derived from `bare`, and tests run it.
const entry = "assembly/bare.ts";

/** @type {import("@tooling/assemblyscript").WasmEntry[]} */
export default [
  {
    name: "session",
    entry,
    use: { DEBUG: 0, HOST: 1 },
    imports: ["host.isGone", "host.now", "host.tell"],
    boundary: {
      file: "bare-exports",
      interface: "BareExports",
      constants: "assembly/boundary.ts",
    },
  },
  { name: "session-debug", entry, use: { DEBUG: 1 } },
];
