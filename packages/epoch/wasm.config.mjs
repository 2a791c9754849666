const entry = "assembly/module.ts";
// For tests: small limits, checked preconditions, and the two halves of a pin.
const debugEntry = "assembly/module-debug.ts";

/** @type {import("@tooling/assemblyscript").WasmEntry[]} */
export default [
  { name: "epoch", entry, use: { DEBUG: 0, CUSTOM: 0 }, embed: true },
  {
    name: "epoch-custom",
    entry,
    use: { DEBUG: 0, CUSTOM: 1 },
    embed: true,
    imports: ["host.reclaim"],
    // Of both: they export the same, and only this one imports anything.
    boundary: {
      file: "epoch-exports",
      interface: "EpochExports",
      constants: "assembly/boundary.ts",
    },
  },
  {
    name: "epoch-debug",
    entry: debugEntry,
    use: { DEBUG: 1, CUSTOM: 1 },
    imports: ["host.reclaim"],
    // Of both, as above.
    boundary: { file: "debug-exports", interface: "DebugExports" },
  },
  // Its blocks go back to the region: for what a dead thread leaves.
  { name: "epoch-crash-debug", entry: debugEntry, use: { DEBUG: 1, CUSTOM: 0 } },
];
