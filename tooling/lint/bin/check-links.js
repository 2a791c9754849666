#!/usr/bin/env node
// Checks that the links in Markdown lead somewhere, in all files that git knows or would take.
//
//   check-links [DIRECTORY]   the repository to check; this one unless told
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkLinks } from "../src/links.js";

const root = process.argv[2] ?? fileURLToPath(new URL("../../../", import.meta.url));

const listed = execFileSync(
  "git",
  ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
  {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  },
);
// Git still lists a file that was removed, but not yet from the index.
const paths = listed.split("\0").filter((path) => path !== "" && existsSync(join(root, path)));
const files = paths
  .filter((path) => path.endsWith(".md"))
  .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

const { problems, links } = checkLinks(files, paths);
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(
  problems.length === 0
    ? `${links} links in ${files.length} Markdown files: each leads somewhere.\n`
    : `Found ${problems.length} links that lead nowhere.\n`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
