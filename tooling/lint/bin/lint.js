#!/usr/bin/env node
// All that `npm run lint` checks, one after the other, so that one run tells everything.
//
//   lint [ARGUMENTS]   for Biome, such as the paths to look at
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
const checkLabels = fileURLToPath(new URL("./check-labels.js", import.meta.url));
const checkLinks = fileURLToPath(new URL("./check-links.js", import.meta.url));

run(biome, ["check", "--error-on-warnings", ...process.argv.slice(2)]);
run(checkLabels, []);
run(checkLinks, []);

function run(script, args) {
  const { status, error } = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    stdio: "inherit",
  });
  if (error) throw error;
  if (status !== 0) process.exitCode = 1;
}
