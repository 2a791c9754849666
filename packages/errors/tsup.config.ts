import { library } from "@tooling/tsup";

export default library({
  entry: [
    "src/index.ts",
    "src/options.ts",
    "src/lifetime.ts",
    "src/name-class.ts",
    "src/node-builtin.ts",
  ],
});
