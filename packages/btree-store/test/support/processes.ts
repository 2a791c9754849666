import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const packageUrl = new URL("../../dist/index.js", import.meta.url).href;

/** Starts a program of test/programs on a file. */
export function start(program: string, file: string, ...more: string[]): ChildProcess {
  const path = fileURLToPath(new URL(`../programs/${program}.mjs`, import.meta.url));
  return spawn(process.execPath, [path, packageUrl, file, ...more], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** The first line that a program prints. */
export function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    child.stdout!.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    });
  });
}

/** Kills a program, and waits for its end. */
export function kill(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once("close", () => resolve());
    child.kill("SIGKILL");
  });
}

/** Runs something in a folder of its own, which is removed afterwards. */
export async function inFolder<R>(run: (folder: string) => Promise<R>): Promise<R> {
  const folder = mkdtempSync(join(tmpdir(), "btree-store-"));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
