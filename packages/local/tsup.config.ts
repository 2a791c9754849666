import { library } from "@tooling/tsup";

export default library({ entry: { index: "src/index.ts", 24: "src/24.ts" } });
