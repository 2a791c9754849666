// Runs programs, and keeps what they say for the case that they fail.
import { spawn } from "node:child_process";

/** How long a program may take. None takes a tenth of it. */
const TIMEOUT_MS = 120_000;

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @returns {Promise<string | undefined>} what it said if it failed, else undefined
 */
export function problemOf(command, args, cwd) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: TIMEOUT_MS,
      env: environment(),
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        said += text;
      });
    }
    child.once("error", (error) => resolve(error.message));
    child.once("close", (status, signal) => {
      resolve(status === 0 ? undefined : `${signal ?? `status ${status}`}\n${said}`.trim());
    });
  });
}

/** @returns {Promise<string>} what it said on its standard output */
export function outputOf(command, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ["ignore", "pipe", "inherit"],
      env: environment(),
    });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      said += text;
    });
    child.once("error", reject);
    child.once("close", (status) => {
      if (status === 0) resolve(said);
      else
        reject(new Error(`${[command, ...args].join(" ")} ended with status ${status}.\n${said}`));
    });
  });
}

/** Runs npm, which must not take settings from a pnpm or npm around it. */
export async function npm(args, cwd) {
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline"];
  const problem = await problemOf("npm", [...args, ...quiet], cwd);
  if (problem !== undefined) throw new Error(`npm ${args.join(" ")}: ${problem}`);
}

function environment() {
  const env = { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" };
  for (const name of Object.keys(env)) {
    if (/^(npm|pnpm)_/i.test(name) && !/cache|config$|proxy|registry|ssl/i.test(name))
      delete env[name];
  }
  return env;
}

/** Does something for each item, for two at a time. */
export async function inParallel(items, act) {
  const results = new Array(items.length);
  let next = 0;
  const work = async () => {
    while (next < items.length) {
      const i = next++;
      results[i] = await act(items[i]);
    }
  };
  await Promise.all([work(), work()]);
  return results;
}
