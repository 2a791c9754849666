#!/usr/bin/env node
// Checks that each label of an invariant is defined once, and that each one that is cited is defined:
// in all sources and Markdown files that git knows or would take.
//
//   check-labels [DIRECTORY]   the repository to check; this one unless told
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkLabels } from "../src/labels.js";

const root = process.argv[2] ?? fileURLToPath(new URL("../../../", import.meta.url));
/** The fixtures of the check's own tests. */
const OWN_TESTS = "tooling/lint/test/labels.";

const listed = execFileSync(
  "git",
  ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.ts", "*.js", "*.mjs", "*.md"],
  { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 },
);
const files = listed
  .split("\0")
  // Git still lists a file that was removed, but not yet from the index.
  .filter((path) => path !== "" && !path.startsWith(OWN_TESTS) && existsSync(join(root, path)))
  .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

const { problems, labels } = checkLabels(files);
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(
  problems.length === 0
    ? `${labels} labels in ${files.length} files: each is defined once, none is cited without.\n`
    : `Found ${problems.length} problems with labels of invariants.\n`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
