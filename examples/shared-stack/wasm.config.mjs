const entry = "assembly/module.ts";

/** @type {import("@tooling/assemblyscript").WasmEntry[]} */
export default [
  {
    name: "shared-stack",
    entry,
    use: { DEBUG: 0, HOST: 1 },
    embed: true,
    imports: ["host.isGone", "host.now", "host.tell"],
    boundary: {
      file: "stack-exports",
      interface: "StackExports",
      constants: "assembly/boundary.ts",
    },
  },
];
