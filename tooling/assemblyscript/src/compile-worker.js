// The thread's side of compiler-thread.js: answers each job with its files, or with what is wrong.
import { parentPort } from "node:worker_threads";
import { compileEntry } from "./compile-entry.js";

parentPort.on("message", async (job) => {
  try {
    parentPort.postMessage({ files: await compileEntry(job) });
  } catch (error) {
    // What the compiler's own WebAssembly throws is no Error. This thread can build nothing after it.
    if (!(error instanceof Error)) throw new Error(crashed);
    parentPort.postMessage({ error: error.message });
  }
});

const crashed =
  "the compiler crashed and does not say where. A known cause: an exported constant with @inline. " +
  "Remove the decorator, since the compiler inlines constants anyway.";
