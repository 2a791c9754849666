import { library } from "@tooling/tsup";

export default library({
  entry: { index: "src/index.ts", codecs: "src/codecs.ts", msgpack: "src/msgpack.ts" },
});
