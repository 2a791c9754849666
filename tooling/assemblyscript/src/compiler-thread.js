// The compiler in a thread of its own. It compiles one module after the other: what takes long is to
// load the compiler, and to make it fast.
import { Worker } from "node:worker_threads";

/** A thread that compiles; another one after it has died. */
export class CompilerThread {
  #worker;
  #settle;

  /** The files that one job makes, by path; see compile-entry.js. One job at a time. */
  compile(job) {
    this.#worker ??= this.#start();
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#worker.postMessage(job);
    });
  }

  #start() {
    const worker = new Worker(new URL("./compile-worker.js", import.meta.url));
    const died = (error) => {
      // A thread that fails also exits: by then its successor may be at work.
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#settle.reject(error);
    };
    return worker
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
