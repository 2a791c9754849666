import { library } from "@tooling/tsup";

export default library({
  entry: { index: "src/index.ts", "test-suite": "src/test-suite/index.ts" },
});
