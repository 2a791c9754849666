/*
 * Finds browsers and starts them without a window. Each gets its own profile, which is removed when the
 * browser has ended.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

interface Kind {
  readonly name: "Chromium" | "Firefox";
  /** The environment variable that names the program. */
  readonly variable: string;
  readonly programs: readonly string[];
  arguments(profile: string, address: string): string[];
}

const kinds: readonly Kind[] = [
  {
    name: "Chromium",
    variable: "CHROME",
    programs: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"],
    arguments: (profile, address) => [
      "--headless=new",
      // The sandbox needs rights that containers do not have. The page is our own, so it can go without.
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--no-first-run",
      // A page that checks itself opens others, and nobody clicks.
      "--disable-popup-blocking",
      // The page needs no network, and neither does a browser that only visits it.
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-quic",
      `--user-data-dir=${profile}`,
      address,
    ],
  },
  {
    name: "Firefox",
    variable: "FIREFOX",
    programs: ["firefox", "firefox-esr"],
    arguments: (profile, address) => ["--headless", "--no-remote", "--profile", profile, address],
  },
];

export interface Browser {
  readonly name: string;
  readonly program: string;
  /** Starts the browser with the page, and ends it when `until` settles. */
  visit<T>(address: string, until: Promise<T>): Promise<T>;
}

/** The browsers that environment variables name; if none does, those found in the path. */
export function findBrowsers(environment: NodeJS.ProcessEnv): Browser[] {
  const named = kinds.filter(({ variable }) => environment[variable]);
  const found = (named.length > 0 ? named : kinds).map((kind) => {
    const program = environment[kind.variable] || findProgram(kind.programs, environment.PATH);
    return program ? [browser(kind, program)] : [];
  });
  return found.flat();
}

/** The browsers that are running, each with its profile's folder. */
const running = new Map<ChildProcess, string>();

/** Ends all browsers at once. After Ctrl-C this is needed, because the terminal signals only this program. */
export function endAll(): void {
  for (const child of running.keys()) kill(child);
  for (const profile of running.values()) {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

/**
 * The message if no browser was found.
 *
 * @param command how the user starts the program, up to its arguments
 * @param serve the arguments with which it only serves the page
 */
export function noBrowser(command: string, serve: string): string {
  return [
    "No browser was found. Install one (Debian: apt-get install chromium; macOS: brew install --cask chromium),",
    `or name its program:   CHROME=/path/to/chrome ${command}   (or FIREFOX=...)`,
    `or open the page in a browser yourself:   ${command}${serve}`,
  ].join("\n");
}

function findProgram(names: readonly string[], path = ""): string | undefined {
  const files = names.flatMap((name) => path.split(delimiter).map((folder) => join(folder, name)));
  return files.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function browser(kind: Kind, program: string): Browser {
  return {
    name: kind.name,
    program,
    async visit(address, until) {
      const profile = await mkdtemp(join(tmpdir(), "masstree-browser-"));
      const child = spawn(program, kind.arguments(profile, address), {
        // Makes a process group: a browser has many processes, and some browsers start from a script.
        detached: process.platform !== "win32",
        stdio: ["ignore", "ignore", "pipe"],
      });
      running.set(child, profile);
      try {
        return await Promise.race([until, ended(child, program)]);
      } finally {
        await stop(child);
        running.delete(child);
        await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
      }
    },
  };
}

/** Rejects if the browser ends by itself, with the end of its error output. */
function ended(child: ChildProcess, program: string): Promise<never> {
  let said = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2000);
  });
  return new Promise((_, reject) => {
    child.once("error", reject);
    child.once("exit", (status) =>
      reject(new Error(`${program} ended with status ${status}.\n${said}`)),
    );
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const exit =
    child.exitCode === null && child.signalCode === null
      ? new Promise((resolve) => child.once("exit", resolve))
      : undefined;
  kill(child);
  await exit;
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill();
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // All its processes have already ended.
  }
}
