// What a result has to tell about the machine and the programs, so that others can judge it.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { dirname, join } from "node:path";
import type { Machine } from "./result.ts";
import { median } from "./statistics.ts";

const require = createRequire(import.meta.url);

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
    load: loadavg()[0] ?? 0,
    clockNanoseconds: clockNanoseconds(),
  };
}

/** What two readings of the clock, one right after the other, are apart. */
function clockNanoseconds(): number {
  const apart: number[] = [];
  for (let i = 0; i < 20_000; i++) {
    const from = process.hrtime.bigint();
    apart.push(Number(process.hrtime.bigint() - from));
  }
  return median(apart.slice(apart.length / 2));
}

/** The versions of the packages that are installed, and the commit of this repository if it is one. */
export function versionsOf(packages: readonly string[], root: string): Record<string, string> {
  const versions: Record<string, string> = {};
  const commit = commitOf(root);
  if (commit !== undefined) versions.commit = commit;
  for (const name of packages) {
    const version = versionOf(name);
    if (version !== undefined) versions[name] = version;
  }
  return versions;
}

/** The nearest package.json above a package's main file: not every package exports its own. */
function versionOf(name: string): string | undefined {
  let directory: string;
  try {
    directory = dirname(require.resolve(name));
  } catch {
    // An optional package that is not installed; the report has its reason.
    return undefined;
  }
  for (let last = ""; directory !== last; last = directory, directory = dirname(directory)) {
    const file = join(directory, "package.json");
    if (!existsSync(file)) continue;
    const found = JSON.parse(readFileSync(file, "utf8"));
    if (found.name === name) return found.version;
  }
  return undefined;
}

function commitOf(root: string): string | undefined {
  try {
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", root, ...args], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).trim();
    const changed = git("status", "--porcelain", "--untracked-files=no") !== "";
    return `${git("rev-parse", "--short=12", "HEAD")}${changed ? " with changes" : ""}`;
  } catch {
    // Not a repository, or no git.
    return undefined;
  }
}
