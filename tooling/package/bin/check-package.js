#!/usr/bin/env node
// Packs the current package as it would be published, and looks at it as its users will.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool } from "../run-tool.js";

const directory = mkdtempSync(join(tmpdir(), "check-package-"));
process.on("exit", () => rmSync(directory, { recursive: true, force: true }));

runTool("pnpm", ["pack", "--silent", "--pack-destination", directory]);
const tarball = join(directory, readdirSync(directory)[0]);
runTool("publint", ["--strict", tarball]);
// The assembly entry is AssemblyScript, for asc only: node and tsc have no business there.
runTool("attw", [
  tarball,
  "--profile",
  "esm-only",
  "--exclude-entrypoints",
  "assembly",
  "--format",
  "ascii",
]);
