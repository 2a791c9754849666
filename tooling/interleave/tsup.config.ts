import { app } from "@tooling/tsup";

export default app({
  entry: [
    "src/index.ts",
    "src/catalog.ts",
    "src/linearizability/check.ts",
    "src/cli/cli.ts",
    "src/cli/worker.ts",
  ],
});
