const entry = "assembly/module.ts";

/** @type {import("@tooling/assemblyscript").WasmEntry[]} */
export default [
  { name: "epoch", entry, use: { DEBUG: 0, CUSTOM: 0 }, embed: true },
  {
    name: "epoch-custom",
    entry,
    use: { DEBUG: 0, CUSTOM: 1 },
    embed: true,
    imports: ["host.reclaim"],
  },
  // Only for tests: small limits, checked preconditions, and the two halves of a pin.
  {
    name: "epoch-debug",
    entry: "assembly/module-debug.ts",
    use: { DEBUG: 1, CUSTOM: 1 },
    imports: ["host.reclaim"],
  },
  // The same, with blocks that go back to the region: for what a dead thread leaves.
  { name: "epoch-crash", entry: "assembly/module-debug.ts", use: { DEBUG: 1, CUSTOM: 0 } },
];
