import { parentPort, workerData } from "node:worker_threads";
import { MassTree, MassTreeInline } from "masstree";

/** @type {MassTree<{ title: string, visits: number }>} */
const pages = MassTree.attach(workerData.pages);
const control = MassTreeInline.attach(workerData.control);
const paths = [...pages.keys()];

control.add("counting", 1);
let counted = 0;
while (!control.has("stop")) {
  const path = /** @type {string} */ (paths[Math.floor(Math.random() * paths.length)]);
  pages.update(path, (page) => page && { ...page, visits: page.visits + 1 });
  counted++;
}
pages.close();
control.close();
parentPort?.postMessage(counted);
