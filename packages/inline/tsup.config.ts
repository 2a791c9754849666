import { library } from "@tooling/tsup";

// The set is a file of its own, which bundlers leave out where only the map is used.
export default library({
  entry: {
    index: "src/index.ts",
    24: "src/24.ts",
    node: "src/node.ts",
    save: "src/save.ts",
    "masstree-set": "src/masstree-set.ts",
  },
});
