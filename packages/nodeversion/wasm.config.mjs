// Tests call more than JavaScript does, with preconditions checked and without: the -all modules.
const all = {
  entry: "assembly/index.ts",
  boundary: { file: "test-exports", interface: "TestExports" },
};

/** @type {import("@tooling/assemblyscript").WasmEntry[]} */
export default [
  {
    name: "nodeversion",
    entry: "assembly/module.ts",
    use: { DEBUG: 0 },
    embed: true,
    boundary: {
      file: "nodeversion-exports",
      interface: "NodeVersionExports",
      constants: "assembly/boundary.ts",
    },
  },
  { name: "nodeversion-test", use: { DEBUG: 0 }, ...all },
  { name: "nodeversion-debug", use: { DEBUG: 1 }, ...all },
  { name: "contend-test", entry: "assembly/test/contend.ts", use: { DEBUG: 0 } },
  { name: "contend-debug", entry: "assembly/test/contend.ts", use: { DEBUG: 1 } },
];
