/** @type {import("@tooling/assemblyscript").WasmEntry[]} */
export default [
  { name: "memory", entry: "assembly/index.ts", use: { DEBUG: 0 }, embed: true },
  { name: "memory-debug", entry: "assembly/index.ts", use: { DEBUG: 1 } },
];
