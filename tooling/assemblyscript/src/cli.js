// build-wasm [--wat] [--debug] [name...]
//
// Compiles the modules of the current package's wasm.config.mjs, in a few threads, for the compiler
// is synchronous. Each thread compiles one module after the other: what takes long is to load the
// compiler, and to make it fast.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { checkModule } from "./check-module.js";
import { embed } from "./embed.js";

const options = {
  wat: { type: "boolean", default: false },
  debug: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
};

const usage = `build-wasm [--wat] [--debug] [name...]

  --wat    also write build/<name>.wat
  --debug  write build/<name>.debug.wasm with names and a source map, in place of <name>.wasm
`;

export async function run(argv, directory) {
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const config = await loadConfig(directory);
  const unknown = positionals.filter((name) => !config.some((entry) => entry.name === name));
  if (unknown.length > 0) {
    process.stderr.write(`build-wasm: no such module: ${unknown.join(", ")}\n`);
    return 2;
  }
  const queue = config.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  let failures = 0;
  const lane = async () => {
    const compiler = new Compiler();
    for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
      try {
        await build(compiler, directory, entry, values);
      } catch (error) {
        failures++;
        process.stderr.write(`build-wasm: ${entry.name}: ${error.message}\n`);
      }
    }
    await compiler.close();
  };
  // Half the cores: turbo runs two packages.
  const lanes = Math.min(queue.length, Math.ceil(availableParallelism() / 2));
  await Promise.all(Array.from({ length: lanes }, lane));
  return failures === 0 ? 0 : 1;
}

async function loadConfig(directory) {
  const { default: config } = await import(pathToFileURL(join(directory, "wasm.config.mjs")).href);
  if (!Array.isArray(config)) throw new Error("wasm.config.mjs must export an array by default");
  const names = new Set();
  for (const { name, entry } of config) {
    if (!/^[\w-]+$/.test(name ?? "")) throw new Error(`wasm.config.mjs: bad name '${name}'`);
    if (names.has(name)) throw new Error(`wasm.config.mjs: '${name}' is there twice`);
    if (typeof entry !== "string") throw new Error(`wasm.config.mjs: '${name}' has no entry`);
    names.add(name);
  }
  return config;
}

async function build(compiler, directory, entry, { wat, debug }) {
  const started = performance.now();
  const stem = debug ? `${entry.name}.debug` : entry.name;
  const files = await compiler.compile({ directory, entry, stem, wat, debug });
  const binary = files[`build/${stem}.wasm`];
  if (binary === undefined) throw new Error("the compiler wrote no module");
  checkModule(binary, entry.imports ?? []);
  for (const [path, content] of Object.entries(files)) {
    await writeIfChanged(join(directory, path), content);
  }
  if (entry.embed && !debug) {
    await writeIfChanged(
      join(directory, "src", "generated", `${entry.name}.ts`),
      embed(entry, binary),
    );
  }
  const milliseconds = Math.round(performance.now() - started);
  process.stdout.write(`build/${stem}.wasm ${binary.length} bytes ${milliseconds} ms\n`);
}

/** A thread that compiles; another one after it has died. */
class Compiler {
  #worker;
  #settle;

  compile(job) {
    this.#worker ??= this.#start();
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#worker.postMessage(job);
    });
  }

  #start() {
    const died = (error) => {
      this.#worker = undefined;
      this.#settle.reject(error);
    };
    return new Worker(new URL("./compile-worker.js", import.meta.url))
      .on("message", ({ files, error }) => {
        if (error === undefined) this.#settle.resolve(files);
        else this.#settle.reject(new Error(error));
      })
      .on("error", died)
      .on("exit", (code) => died(new Error(`the compiler exited with ${code}`)));
  }

  async close() {
    await this.#worker?.terminate();
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
