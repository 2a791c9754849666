// Starts workers and collects what they send back.
import { once } from "node:events";
import { Worker } from "node:worker_threads";

/**
 * Starts `count` workers, and waits until each has sent one message and ended.
 *
 * @param {URL} program
 * @param {number} count
 * @param {(index: number) => object} data what a worker gets as its `workerData`
 * @returns {Promise<any[]>} their messages
 * @throws what a worker throws
 */
export function runWorkers(program, count, data) {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const worker = new Worker(program, { workerData: data(index) });
      const ended = once(worker, "exit");
      const [message] = await Promise.race([
        once(worker, "message"), // fails if the worker throws
        ended.then(([status]) => {
          throw new Error(`A worker ended with status ${status} before it was done.`);
        }),
      ]);
      await ended;
      return message;
    }),
  );
}
