// A thread of `index`: it takes files until there are none left.
import { parentPort, workerData } from "node:worker_threads";
import { takeFrom } from "./word-index/sharing.ts";
import { loadWay } from "./word-index/ways/registry.ts";

export interface IndexWorkerData {
  readonly way: string;
  readonly files: readonly string[];
  readonly sharing: Int32Array<SharedArrayBuffer>;
  /** What the way sends its workers. */
  readonly data: unknown;
}

const { way, files, sharing, data } = workerData as IndexWorkerData;
const { work } = await loadWay(way);
await work!(takeFrom(files, sharing), {
  data,
  send: (message) => parentPort!.postMessage(message, [message.numbers.buffer]),
});
