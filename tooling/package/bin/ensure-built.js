#!/usr/bin/env node
// Builds the current package and its dependencies, so that `pnpm --filter NAME test` works right after
// an install. Does nothing inside a turbo task, because turbo builds in its own order.
import { readFileSync } from "node:fs";
import { root, runTool } from "../run-tool.js";

if (process.env.TURBO_HASH === undefined) {
  const { name } = JSON.parse(readFileSync("package.json", "utf8"));
  runTool(
    "turbo",
    ["run", "build", "build:wasm:tests", `--filter=${name}`, "--output-logs=errors-only"],
    root,
  );
}
