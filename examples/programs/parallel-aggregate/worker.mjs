import { parentPort, workerData } from "node:worker_threads";
import { MassTree, MassTreeInline } from "masstree";
import { merge, stationAndHour, summarise } from "./readings.mjs";

const readings = MassTreeInline.attach(workerData.readings, { key: stationAndHour });
const progress = MassTreeInline.attach(workerData.progress);
/** @type {MassTree<import("./readings.mjs").Summary>} */
const summaries = MassTree.attach(workerData.summaries);
/** @type {import("./readings.mjs").StationAndHour[]} */
const points = workerData.points;

progress.add("workers ready", 1);
progress.waitForSync("start");

let taken = 0;
while (true) {
  const part = progress.add("parts taken", 1) - 1;
  if (part > points.length) break;
  const found = summarise(readings, { gte: points[part - 1], lt: points[part] });
  // Other threads may have another part of the same station.
  for (const [station, summary] of found) summaries.update(station, (old) => merge(old, summary));
  progress.add("parts done", 1);
  taken++;
}
for (const map of [readings, progress, summaries]) map.close();
parentPort?.postMessage(taken);
