// Sums up one large map in several threads, each of which reads some parts of it.
import { isDeepStrictEqual } from "node:util";
import { MassTree, MassTreeInline } from "masstree";
import { readOptions } from "../support/options.mjs";
import { runWorkers } from "../support/workers.mjs";
import { makeReadings, stationAndHour, summarise } from "./readings.mjs";

const usage = `
Sums up temperatures of weather stations in several threads.

  node parallel-aggregate/main.mjs [--workers N] [--parts N] [--readings N] [--stations N]

  --workers N   how many threads read (default: 4)
  --parts N     into how many parts the map is cut for each of them (default: 8)
  --readings N  how many temperatures there are (default: 2000000)
  --stations N  how many stations; the first one has half of the temperatures (default: 50)
`;
const options = readOptions(usage, { workers: 4, parts: 8, readings: 2_000_000, stations: 50 });

const readings = MassTreeInline.fromSorted(makeReadings(options.readings, options.stations), {
  key: stationAndHour,
  value: "i32",
});
const progress = new MassTreeInline({ value: "u32" });
/** @type {MassTree<import("./readings.mjs").Summary>} */
const summaries = new MassTree();

let start = performance.now();
const alone = summarise(readings);
console.log(`One thread took ${passed()} for ${readings.size} readings.`);

start = performance.now();
const points = readings.splitPoints(options.workers * options.parts);
console.log(`To cut them into ${points.length + 1} parts took ${passed()}.`);
const sizes = [...points, undefined].map((lt, i) => readings.count({ gte: points[i - 1], lt }));
console.log(`The parts have from ${Math.min(...sizes)} to ${Math.max(...sizes)} readings.`);

const shares = runWorkers(new URL("./worker.mjs", import.meta.url), options.workers, () => ({
  readings: readings.handle,
  progress: progress.handle,
  summaries: summaries.handle,
  points,
}));
// Threads take a while to start; that is not what is measured here. If one fails, so does this.
const areReady = progress.waitFor("workers ready", { until: (n) => n === options.workers });
await Promise.race([areReady, shares]);
start = performance.now();
progress.set("start", 1);
const areDone = progress.waitFor("parts done", { until: (n) => n === points.length + 1 });
await Promise.race([areDone, shares]);
console.log(`${options.workers} threads took ${passed()}.`);
console.log(`They summed up ${(await shares).join(", ")} parts.`);

const isSame = isDeepStrictEqual(new Map(summaries), alone);
console.log(
  `Both found ${isSame ? "the same" : "different things"} of ${summaries.size} stations.`,
);
for (const [station, { count, sum, min, max }] of summaries.entries({ limit: 3 })) {
  console.log(
    `  ${station}: ${degrees(min)} to ${degrees(max)}, ${degrees(sum / count)} on average`,
  );
}
if (!isSame) process.exitCode = 1;
for (const map of [readings, progress, summaries]) map.close();

function passed() {
  return `${((performance.now() - start) / 1000).toFixed(3)} s`;
}

function degrees(tenths) {
  return `${(tenths / 10).toFixed(1)} °C`;
}
