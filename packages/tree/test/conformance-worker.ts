// A thread of the suite's checks, over the map of the tests.
import { parentPort, workerData } from "node:worker_threads";
import type { MapHandle } from "../src/index.ts";
import { runThread, type ThreadJob } from "../src/test-suite/index.ts";
import { WordMap } from "./word-map.ts";

const { handle, job } = workerData as { handle: MapHandle; job: ThreadJob };

parentPort?.postMessage(runThread(WordMap.attach(handle), job));
