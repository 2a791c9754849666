// Runs the built program in a process of its own.
import { execFile, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, it } from "vitest";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const many = fileURLToPath(new URL("./fixtures/many.mjs", import.meta.url));

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

/** Runs several command lines in one process. They have to end by themselves, without starting anything. */
export async function runEach(
  commandLines: readonly (readonly string[])[],
  directory: string,
): Promise<Ended[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [many], {
    cwd: directory,
    env: {
      ...process.env,
      CI: "true",
      TMPDIR: directory,
      COMMAND_LINES: JSON.stringify(commandLines),
    },
  });
  return JSON.parse(stdout);
}

/** Tests that command lines are refused with status 2 and a message, in the folder that `directory` gives. */
export function testRefusals(
  wrong: readonly [what: string, args: string[], message: RegExp][],
  directory: () => string,
): void {
  let ended: Ended[];
  beforeAll(async () => {
    ended = await runEach(
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
