#!/usr/bin/env node
// Packs the current package as for publishing, and checks it as its users' tools will see it.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool } from "../run-tool.js";

const directory = mkdtempSync(join(tmpdir(), "check-package-"));
process.on("exit", () => rmSync(directory, { recursive: true, force: true }));

runTool("pnpm", ["pack", "--silent", "--pack-destination", directory]);
const tarball = join(directory, readdirSync(directory)[0]);
runTool("publint", ["--strict", tarball]);
// The assembly entry is AssemblyScript and only for asc, so Node and tsc need not be able to load it.
runTool("attw", [
  tarball,
  "--profile",
  "esm-only",
  "--exclude-entrypoints",
  "assembly",
  "--format",
  "ascii",
]);
