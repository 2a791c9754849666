// Runs the built program in a process of its own.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Ended, runEach } from "@tooling/vitest/run-each";
import { beforeAll, expect, it } from "vitest";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const main = new URL("../dist/main.js", import.meta.url);

export interface RunOptions {
  /** Where it runs, and where it puts what is temporary. */
  readonly directory: string;
  /** Sends the signal as soon as this is on standard error. */
  readonly interruptAt?: RegExp;
  readonly input?: string;
}

/** Runs several command lines in one process, in a folder that also takes what is temporary. */
export function runInOne(
  commandLines: readonly (readonly string[])[],
  directory: string,
): Promise<Ended[]> {
  return runEach(main, commandLines, {
    cwd: directory,
    env: { CI: "true", TMPDIR: directory },
  });
}

/** Tests that command lines are refused with status 2 and a message, in the folder that `directory` gives. */
export function testRefusals(
  wrong: readonly [what: string, args: string[], message: RegExp][],
  directory: () => string,
): void {
  let ended: Ended[];
  beforeAll(async () => {
    ended = await runInOne(
      wrong.map(([, args]) => args),
      directory(),
    );
  });
  it.each(wrong.map(([what, , message], index) => [what, index, message] as const))(
    "%s",
    (_, index, message) => {
      const { status, out, err } = ended[index]!;
      expect(err).toMatch(message);
      expect(err).not.toContain("    at ");
      expect(out).toBe("");
      expect(status).toBe(2);
    },
  );
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
