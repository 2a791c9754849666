// A thread that adds members of its own to a set, and removes some of them, while others do the same.
import { parentPort, workerData } from "node:worker_threads";
import { LearnedSet } from "@masstree/learned";

const { handle, thread, threads, members } = workerData;
const set = LearnedSet.attach(handle);
const wrong = [];
for (let i = 0; i < members; i++) {
  const member = i * threads + thread;
  set.add(member);
  if (!set.has(member)) wrong.push(`has ${member}`);
  if (i % 3 === 0 && !set.delete(member)) wrong.push(`delete ${member}`);
}
set.close();
parentPort.postMessage(wrong);
