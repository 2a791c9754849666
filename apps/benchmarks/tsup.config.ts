import { app } from "@tooling/tsup";

export default app({
  entry: {
    cli: "src/cli.ts",
    main: "src/main.ts",
    "quick-worker": "src/quick-worker.ts",
    "bench-worker": "src/bench-worker.ts",
    "message-owner": "src/bench/peers/message-owner.ts",
    // For the tests' workers, which cannot be TypeScript.
    board: "src/threads/board.ts",
    serve: "src/threads/serve.ts",
  },
});
