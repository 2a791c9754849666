// A thread of the suite that every map must pass.
import { parentPort, workerData } from "node:worker_threads";
import { LearnedMap } from "@masstree/learned";
import { runThread } from "@masstree/tree/test-suite";

const { handle, job } = workerData;
parentPort.postMessage(runThread(LearnedMap.attach(handle), job));
