/** @type {import("@tooling/assemblyscript").WasmEntry[]} */
export default [
  { name: "permuter", entry: "assembly/index.ts", use: { WIDTH: 15, DEBUG: 0 }, embed: true },
];
