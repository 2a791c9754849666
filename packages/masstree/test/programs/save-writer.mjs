// Changes a map that another thread saves: values of keys that stay, and keys that come and go.
import { parentPort, workerData } from "node:worker_threads";
import { MassTree } from "../../dist/index.js";

const { handle, number } = workerData;
const map = MassTree.attach(handle);
let isStopped = false;
let round = 0;
parentPort.on("message", () => {
  isStopped = true;
});

function work() {
  for (let n = 0; n < 500; n++, round++) {
    const i = (round * 7919 + number) % 20_000;
    map.set(`stays/${i}`, 1_000_000 * (round % 100) + i);
    map.set(`comes/${number}/${round % 3000}`, round);
    map.delete(`comes/${number}/${(round * 31) % 3000}`);
  }
  if (round === 500) parentPort.postMessage("started");
  if (!isStopped) setImmediate(work);
  else {
    map.close();
    parentPort.close();
  }
}
work();
