// Saves the map of another thread to a file.
import { parentPort, workerData } from "node:worker_threads";
import { MassTree } from "../../dist/index.js";
import { save } from "../../dist/node.js";

const { handle, path } = workerData;
const map = MassTree.attach(handle);
const { entries } = await save(map, path);
map.close();
parentPort.postMessage(entries);
