import { library } from "@tooling/tsup";

export default library({
  entry: {
    index: "src/index.ts",
    24: "src/24.ts",
    node: "src/node.ts",
    save: "src/save.ts",
    trace: "src/trace.ts",
    codecs: "src/codecs.ts",
    msgpack: "src/msgpack.ts",
  },
});
