// Compiles modules, one after the other. Answers each time with the files that the compiler wrote, or
// with its diagnostics.
import { parentPort } from "node:worker_threads";
import asc from "assemblyscript/asc";
import { compilerFlags } from "./flags.js";

parentPort.on("message", async ({ directory, entry, stem, wat, debug }) => {
  const files = {};
  const argv = [entry.entry, "--baseDir", directory, ...compilerFlags(entry.use ?? {})];
  argv.push("--outFile", `build/${stem}.wasm`);
  if (wat) argv.push("--textFile", `build/${stem}.wat`);
  if (debug) argv.push("--debug", "--sourceMap");

  const { error, stderr } = await asc.main(argv, {
    writeFile: (name, contents) => {
      files[name] = contents;
    },
  });
  const diagnostics = stderr.toString().trim();
  if (error) {
    parentPort.postMessage({ error: `${error.message}\n${diagnostics}` });
  } else {
    if (diagnostics) process.stderr.write(`${diagnostics}\n`);
    parentPort.postMessage({ files });
  }
});
