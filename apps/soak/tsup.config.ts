import { app } from "@tooling/tsup";

const trust = "../../packages/masstree/test/trust";

export default app({
  entry: {
    cli: "src/cli.ts",
    main: "src/main.ts",
    "fuzz-worker": "src/fuzz-worker.ts",
    "deaths-worker": `${trust}/deaths-worker.ts`,
    "histories-worker": `${trust}/histories-worker.ts`,
  },
});
