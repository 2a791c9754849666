// Runs the built program in a process of its own.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

export interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  /** Where it runs, and where it puts what is temporary. */
  readonly directory: string;
  /** Sends the signal as soon as this is on standard error. */
  readonly interruptAt?: RegExp;
  readonly input?: string;
}

export function runProgram(
  args: readonly string[],
  { directory, interruptAt, input }: RunOptions,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], {
      cwd: directory,
      env: { ...process.env, CI: "true", TMPDIR: directory },
    });
    let out = "";
    let err = "";
    let interrupted = false;
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      err += chunk;
      if (interruptAt?.test(err) && !interrupted) {
        interrupted = true;
        child.kill("SIGINT");
      }
    });
    child.stdin.end(input);
    child.on("error", reject);
    child.on("close", (status, signal) => resolve({ status, signal, out, err }));
  });
}
