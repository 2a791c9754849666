// A thread of the tests: attaches to the map and plays its role.
import { parentPort, workerData } from "node:worker_threads";
import { randomNumbers as random } from "@tooling/random";
import { TreeInstance } from "./instance.ts";
import { type Context, type Report, roles } from "./roles.ts";
import { Shared } from "./shared.ts";
import type { Outcome, Start } from "./threads.ts";

const { module, memory, words, role, options, thread, threads, seed } = workerData as Start;
const shared = new Shared(words);

function play(): Outcome {
  try {
    const tree = new TreeInstance(module, memory);
    const perform = roles[role] as (context: Context, options: unknown) => Report;
    const start = () => shared.gather(threads);
    const context = { tree, thread, threads, shared, random: random(seed, thread), start };
    const result = perform(context, options);
    tree.detach();
    return { result };
  } catch (error) {
    // So that the others do not go on, and nobody repairs what should be looked at.
    shared.stop();
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  } finally {
    shared.done();
  }
}

parentPort?.postMessage(play());
