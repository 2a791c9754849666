// Tests call more than JavaScript does, with preconditions checked and without: the -all modules.
const all = {
  entry: "assembly/index.ts",
  boundary: { file: "test-exports", interface: "TestExports" },
};

/** @type {import("@tooling/assemblyscript").WasmEntry[]} */
export default [
  {
    name: "memory",
    entry: "assembly/module.ts",
    use: { DEBUG: 0 },
    embed: true,
    boundary: {
      file: "memory-exports",
      interface: "MemoryExports",
      constants: "assembly/boundary.ts",
    },
  },
  {
    name: "header",
    entry: "assembly/header-module.ts",
    use: { DEBUG: 0 },
    embed: true,
    boundary: { file: "header-exports", interface: "HeaderExports" },
  },
  { name: "memory-test", use: { DEBUG: 0 }, ...all },
  { name: "memory-debug", use: { DEBUG: 1 }, ...all },
];
