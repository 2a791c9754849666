// build-wasm [--wat] [--debug] [name...]
//
// Compiles the modules of the current package's wasm.config.mjs, each in its own thread, for
// the compiler is synchronous.
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
    for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
      try {
        await build(directory, entry, values);
      } catch (error) {
        failures++;
        process.stderr.write(`build-wasm: ${entry.name}: ${error.message}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(queue.length, availableParallelism()) }, lane));
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

async function build(directory, entry, { wat, debug }) {
  const started = performance.now();
  const stem = debug ? `${entry.name}.debug` : entry.name;
  const files = await compile(directory, entry, { stem, wat, debug });
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

function compile(directory, entry, { stem, wat, debug }) {
  return new Promise((resolve, reject) => {
    const workerData = { directory, entry, stem, wat, debug };
    const worker = new Worker(new URL("./compile-worker.js", import.meta.url), { workerData });
    worker.once("message", ({ files, error }) => {
      if (error === undefined) resolve(files);
      else reject(new Error(error));
    });
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`the compiler exited with ${code}`)));
  });
}

// An unchanged file keeps its time stamp, so that watchers stay quiet.
async function writeIfChanged(path, content) {
  const bytes = Buffer.from(content);
  const present = await readFile(path).catch(() => undefined);
  if (present?.equals(bytes)) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}
