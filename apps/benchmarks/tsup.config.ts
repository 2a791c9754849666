import { app } from "@tooling/tsup";

export default app({
  entry: ["src/cli.ts", "src/main.ts", "src/quick-worker.ts", "src/bench-worker.ts"],
});
