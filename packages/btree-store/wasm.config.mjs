const entry = "assembly/module.ts";

/** @type {import("@tooling/assemblyscript").WasmEntry[]} */
export default [
  {
    name: "btree-store",
    entry,
    use: { DEBUG: 0, HOST: 1 },
    embed: true,
    imports: ["host.isGone", "host.now", "host.tell", "host.load", "host.take"],
    boundary: {
      file: "store-exports",
      interface: "StoreExports",
      constants: "assembly/boundary.ts",
    },
  },
];
