// A copy of the workspace in which a mutant is built and its packages' own tests run.
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { type Edit, Patch } from "../mutant.ts";

export interface TestRun {
  /** `same`: the package's modules are the same; `broken`: they do not compile. */
  readonly outcome: "same" | "broken" | "caught" | "survived";
  readonly where?: string;
  readonly message?: string;
  readonly hangs?: boolean;
}

// Of the programs, which have had their turn, of documentation, of types, and of other engines.
const otherTests =
  /explorer\/|readme|types\.test|declarations|commonjs|old-engine|liftoff|deno|web-locks|browser|ended-threads|bad-input|allocation\.test|workers\.test|large-memory|lock-of-the-dead|garbage-of|\/trust\/|conformance-threads|api-lifetime|interrupted-calls|threads\/|deaths-at-once|number-reused/;

/** The tests of a package take half a minute alone; on a busy machine, some times as long. */
const SECONDS = 300;

export class Scratch {
  readonly #root: string;
  /** Of packages without a mutant. */
  readonly #modules = new Map<string, string>();
  /** Files of tests that pass without a mutant. */
  readonly #passing = new Set<string>();
  #child: ChildProcess | undefined;

  constructor(workspace: string) {
    this.#root = mkdtempSync(join(tmpdir(), "generated-mutants-"));
    const left = /^(\.git|node_modules|apps|examples|docs)$|(^|\/)(\.turbo|reports|\.cache)$/;
    cpSync(workspace, this.#root, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !left.test(relative(workspace, path)),
    });
    symlinkSync(join(workspace, "node_modules"), join(this.#root, "node_modules"));
  }

  /** Builds a package with a mutant in its sources, and runs its tests until one fails. */
  async test(name: string, edit: Edit): Promise<TestRun> {
    // Before the first mutant, they are those of the workspace, which was built.
    const modules = this.#modules.get(name) ?? this.#modulesOf(name);
    this.#modules.set(name, modules);
    const path = join(this.#root, "packages", edit.file);
    const text = readFileSync(path, "utf8");
    writeFileSync(path, new Patch([edit]).replace(path, text)!);
    let failing: string;
    try {
      const built = await this.#build(name);
      if (built.code !== 0) return { outcome: "broken", message: built.output.slice(-500) };
      if (this.#modulesOf(name) === modules) return { outcome: "same" };
      const run = await this.#vitest(name, this.#testsOf(name, edit), SECONDS);
      if (run.code === undefined) {
        return { outcome: "caught", where: `tests of ${name}`, hangs: true };
      }
      if (run.code === 0) return { outcome: "survived" };
      failing = / FAIL +(?:\|\w+\| +)?(test\/\S+)/.exec(plain(run.output))?.[1] ?? "";
      if (failing === "") throw new Error(`vitest fails: ${plain(run.output).slice(-2000)}`);
    } finally {
      writeFileSync(path, text);
    }
    await this.#checkWithout(name, failing);
    return { outcome: "caught", where: `${name}/${failing}` };
  }

  /** A test that fails with a mutant proves nothing if it fails without one. */
  async #checkWithout(name: string, file: string): Promise<void> {
    const key = `${name}/${file}`;
    if (this.#passing.has(key)) return;
    await this.#build(name);
    const { code, output } = await this.#vitest(name, [file], SECONDS);
    if (code !== 0) throw new Error(`${key} fails without a mutant: ${plain(output).slice(-2000)}`);
    this.#passing.add(key);
  }

  /** The tests of a package that may see a mutant, those named like its file first. */
  #testsOf(name: string, edit: Edit): string[] {
    const likely = basename(edit.file, ".ts");
    return readdirSync(join(this.#root, "packages", name, "test"), {
      recursive: true,
      encoding: "utf8",
    })
      .map((file) => join("test", file))
      .filter((file) => file.endsWith(".test.ts") && !otherTests.test(file))
      .sort((one, other) => Number(other.includes(likely)) - Number(one.includes(likely)));
  }

  /** Ends what runs, and removes the copy. */
  close(): void {
    if (this.#child?.pid !== undefined) kill(this.#child);
    rmSync(this.#root, { recursive: true, force: true });
  }

  /** What the build makes of a package's AssemblyScript. */
  #modulesOf(name: string): string {
    const hash = createHash("sha256");
    for (const folder of ["build", "src/generated"]) {
      const directory = join(this.#root, "packages", name, folder);
      if (!existsSync(directory)) continue;
      for (const file of readdirSync(directory).sort()) {
        hash.update(file).update(readFileSync(join(directory, file)));
      }
    }
    return hash.digest("hex");
  }

  #build(name: string): Promise<Ended> {
    const tool = join(this.#root, "tooling", "assemblyscript", "bin", "build-wasm.js");
    return this.#run(name, [tool], 300);
  }

  #vitest(name: string, files: readonly string[], seconds: number): Promise<Ended> {
    const vitest = join(this.#root, "packages", name, "node_modules", "vitest", "vitest.mjs");
    return this.#run(name, [vitest, "run", "--bail", "1", "--retry", "0", ...files], seconds);
  }

  #run(name: string, args: readonly string[], seconds: number): Promise<Ended> {
    return new Promise((resolve) => {
      // A group of its own, so that its workers end with it.
      const child = spawn(process.execPath, args, {
        cwd: join(this.#root, "packages", name),
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
        env: { ...process.env, SEED: "1", CI: "1", NO_COLOR: "1" },
      });
      this.#child = child;
      let output = "";
      child.stdout.on("data", (data: Buffer) => (output += data.toString()));
      child.stderr.on("data", (data: Buffer) => (output += data.toString()));
      let hangs = false;
      const timer = setTimeout(() => {
        hangs = true;
        kill(child);
      }, seconds * 1000);
      child.on("close", (code) => {
        clearTimeout(timer);
        this.#child = undefined;
        resolve({ code: hangs ? undefined : (code ?? 1), output });
      });
    });
  }
}

interface Ended {
  /** Undefined if it was ended because it took too long. */
  readonly code: number | undefined;
  readonly output: string;
}

function kill({ pid }: ChildProcess): void {
  try {
    process.kill(-pid!, "SIGKILL");
  } catch (error) {
    // It has just ended by itself.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function plain(text: string): string {
  return stripVTControlCharacters(text);
}
