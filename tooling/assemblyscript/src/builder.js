// Makes one module's files and writes them, if the module is one that may be instantiated over a
// shared memory.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkModule } from "./check-module.js";
import { embed } from "./embed.js";

export class Builder {
  #directory;
  #options;
  /** Which module a boundary's file came from, and what it says. */
  #boundaries = new Map();

  /**
   * @param {string} directory the package's
   * @param {{ wat: boolean, debug: boolean }} options of the command line
   */
  constructor(directory, options) {
    this.#directory = directory;
    this.#options = options;
  }

  /** Builds a module; returns the line that reports it. */
  async build(entry, compiler) {
    const started = performance.now();
    const { wat, debug } = this.#options;
    const stem = debug ? `${entry.name}.debug` : entry.name;
    const job = { directory: this.#directory, entry, stem, wat, debug };
    const files = await compiler.compile(job);
    const binary = files[`build/${stem}.wasm`];
    if (binary === undefined) throw new Error("the compiler wrote no module");
    checkModule(binary, entry.imports ?? []);
    if (entry.embed && !debug) files[`src/generated/${entry.name}.ts`] = embed(entry, binary);
    this.#checkBoundary(entry, files);
    for (const [path, content] of Object.entries(files)) {
      await writeIfChanged(join(this.#directory, path), content);
    }
    const milliseconds = Math.round(performance.now() - started);
    return `build/${stem}.wasm ${binary.length} bytes ${milliseconds} ms`;
  }

  /** Several modules may share a boundary, such as one per leaf width. It must then be true of each. */
  #checkBoundary({ name, boundary }, files) {
    const path = `src/generated/${boundary?.file}.ts`;
    const content = files[path];
    if (boundary === undefined || content === undefined) return;
    const first = this.#boundaries.get(path);
    if (first === undefined) this.#boundaries.set(path, { name, content });
    else if (first.content !== content) {
      throw new Error(
        `${path} would differ from that of '${first.name}': give each module a file of its own, or leave ` +
          "the boundary of one of them out",
      );
    }
  }
}

// An unchanged file keeps its time stamp, so that watchers stay quiet.
async function writeIfChanged(path, content) {
  const bytes = Buffer.from(content);
  const present = await readFile(path).catch(() => undefined);
  if (present?.equals(bytes)) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}
