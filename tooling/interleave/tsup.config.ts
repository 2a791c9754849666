import { app } from "@tooling/tsup";

export default app({
  external: ["./main.js"],
  entry: [
    "src/index.ts",
    "src/catalog.ts",
    "src/linearizability/check.ts",
    "src/cli/cli.ts",
    "src/cli/main.ts",
    "src/cli/worker.ts",
  ],
});
