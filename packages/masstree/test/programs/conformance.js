// A thread of the suite that every map must pass.
import { parentPort, workerData } from "node:worker_threads";
import { runThread } from "@masstree/tree/test-suite";
import { MassTree, MassTreeInline } from "masstree";

const { className, handle, job } = workerData;
const Class = className === "MassTree" ? MassTree : MassTreeInline;

parentPort.postMessage(runThread(Class.attach(handle), job));
