import { app, page } from "@tooling/tsup";

export default [
  app({ entry: ["src/cli.ts"] }),
  page({
    entry: {
      page: "src/page/page.ts",
      worker: "src/page/worker.ts",
      "store-worker": "src/page/store-worker.ts",
    },
  }),
];
