/** @type {import("@tooling/assemblyscript").WasmEntry[]} */
export default [{ name: "key", entry: "assembly/index.ts", embed: true }];
