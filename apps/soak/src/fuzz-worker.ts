// Runs sequences in a separate thread, so that the main thread notices one that never ends.
import { parentPort, workerData } from "node:worker_threads";
import { useBuilds } from "../../../packages/masstree/test/trust/builds.ts";
import {
  bytesSource,
  fuzz,
  inputOf,
  randomSource,
} from "../../../packages/masstree/test/trust/fuzz.ts";
import type { FuzzAnswer, FuzzJob } from "./fuzz-job.ts";

const { kind, seed, count, builds, current } = workerData as FuzzJob;
const words = new Uint32Array(current, 0, 2);
const bytes = new Uint8Array(current, 8);

function run(): FuzzAnswer {
  let operations = 0;
  try {
    useBuilds(builds);
    if (kind === "oracle") return { operations: fuzz(randomSource(seed, count)) };
    for (let index = 0; index < count; index++) {
      const input = inputOf(seed, index);
      bytes.set(input);
      Atomics.store(words, 1, input.length);
      Atomics.add(words, 0, 1);
      operations += fuzz(bytesSource(input));
    }
    return { operations };
  } catch (error) {
    return { operations, error: error instanceof Error ? error.message : String(error) };
  }
}

parentPort!.postMessage(run());
