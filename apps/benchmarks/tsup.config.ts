import { app } from "@tooling/tsup";
import { forBrowsers } from "./bundle-for-browsers.mjs";

export default [
  app({
    entry: {
      cli: "src/cli.ts",
      main: "src/main.ts",
      "quick-worker": "src/quick-worker.ts",
      "bench-worker": "src/bench-worker.ts",
      "message-owner": "src/bench/peers/message-owner.ts",
      browser: "src/browser/cli.ts",
      // For the tests' workers, which cannot be TypeScript.
      board: "src/threads/board.ts",
      serve: "src/threads/serve.ts",
    },
  }),
  forBrowsers({
    page: "src/browser/page/page.ts",
    "bench-worker": "src/bench-worker.ts",
    "message-owner": "src/bench/peers/message-owner.ts",
  }),
];
