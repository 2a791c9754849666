// build-wasm [--published | --tests] [--wat] [--debug] [name...]
//
// Builds the modules of the current package's wasm.config.mjs, in a few lanes: the compiler is
// synchronous, so each lane has a thread.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Builder } from "./builder.js";
import { CompilerThread } from "./compiler-thread.js";
import { isForTests, loadConfig } from "./config.js";

const options = {
  published: { type: "boolean", default: false },
  tests: { type: "boolean", default: false },
  wat: { type: "boolean", default: false },
  debug: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
};

const usage = `build-wasm [--published | --tests] [--wat] [--debug] [name...]

  --published  only what is published: all but the modules whose names end in -debug or -test
  --tests      only those modules, which only tests use
  --wat        also write build/<name>.wat
  --debug      write build/<name>.debug.wasm with names and a source map, in place of <name>.wasm
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
  const { published, tests } = values;
  const queue = config.filter(({ name }) => {
    if (positionals.length > 0) return positionals.includes(name);
    return published === tests || isForTests(name) === tests;
  });
  const builder = new Builder(directory, values);
  let failures = 0;
  const lane = async () => {
    const compiler = new CompilerThread();
    for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
      try {
        process.stdout.write(`${await builder.build(entry, compiler)}\n`);
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
