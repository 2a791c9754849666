/** @type {import("@tooling/assemblyscript").WasmEntry[]} */
export default [
  {
    name: "key",
    entry: "assembly/module.ts",
    embed: true,
    boundary: {
      file: "key-exports",
      interface: "KeyExports",
      constants: "assembly/boundary.ts",
    },
  },
];
