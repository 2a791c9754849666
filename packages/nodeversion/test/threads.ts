import { Worker } from "node:worker_threads";

/** An exported function of the module and its arguments. */
export type Task = [name: string, ...args: (number | bigint)[]];

export interface Outcome {
  /** What the function returned. */
  result: number | bigint | undefined;
  /** How often the thread slept until the time limit of one sleep. */
  timeouts: number;
}

/** Where the threads gather before they start: a 32-bit word of the memory. */
const gate = 1024;

/** Runs each task in a thread of its own, all at once. Resolves when every one has ended. */
export async function runThreads(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  tasks: Task[],
  mayWait: (thread: number) => boolean = () => true,
): Promise<Outcome[]> {
  Atomics.store(new Int32Array(memory.buffer), gate / 4, tasks.length);
  return Promise.all(
    tasks.map(
      (task, thread) =>
        new Promise<Outcome>((resolve, reject) => {
          const worker = new Worker(new URL("./worker.mjs", import.meta.url), {
            workerData: { module, memory, gate, task, mayWait: mayWait(thread) },
          });
          worker.once("message", resolve);
          worker.once("error", reject);
          worker.once("exit", (code) => reject(new Error(`a thread exited with ${code}`)));
        }),
    ),
  );
}
