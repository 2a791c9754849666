import { app } from "@tooling/tsup";
import { forBrowsers } from "./bundle-for-browsers.mjs";

export default [
  app({
    entry: {
      cli: "src/cli.ts",
      main: "src/main.ts",
      "check-worker": "src/check-worker.ts",
      "bench-worker": "src/bench-worker.ts",
      "index-process": "src/index-process.ts",
      "index-worker": "src/index-worker.ts",
      "message-owner": "src/bench/peers/message-owner.ts",
      "store-worker": "src/store/worker.ts",
      browser: "src/browser/cli.ts",
      // For the tests' workers, which cannot be TypeScript.
      board: "src/threads/board.ts",
      serve: "src/threads/serve.ts",
    },
    // Optional dependencies. Without one, the import has to fail when the program runs.
    external: ["better-sqlite3", "classic-level", "lmdb"],
  }),
  forBrowsers({
    page: "src/browser/page/page.ts",
    "bench-worker": "src/bench-worker.ts",
    "message-owner": "src/bench/peers/message-owner.ts",
  }),
];
