import { library } from "@tooling/tsup";

export default library({ entry: ["src/index.ts", "src/opfs.ts", "src/cli.ts"] });
