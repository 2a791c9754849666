import { library } from "@tooling/tsup";

export default library({ entry: { index: "src/index.ts", msgpack: "src/msgpack.ts" } });
