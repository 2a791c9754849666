/** @type {import("@tooling/assemblyscript").WasmEntry[]} */
export default [
  { name: "nodeversion", entry: "assembly/index.ts", use: { DEBUG: 0 }, embed: true },
  { name: "nodeversion-debug", entry: "assembly/index.ts", use: { DEBUG: 1 } },
  { name: "contend", entry: "assembly/test/contend.ts", use: { DEBUG: 0 } },
  { name: "contend-debug", entry: "assembly/test/contend.ts", use: { DEBUG: 1 } },
];
