// A worker's worker uses maps, and ends with the worker that started it, which does not. Main, which has the maps open,
// uses them without coming back to its event loop: nobody hears of anything.
import { Worker, workerData } from "node:worker_threads";
import { WordMap } from "./map.mjs";
import * as rounds from "./rounds.mjs";

if (workerData?.level === "outer") {
  new Worker(new URL(import.meta.url), { workerData: { ...workerData, level: "inner" } });
} else if (workerData?.level === "inner") {
  rounds.writeUntilEnded(workerData.handles.map(WordMap.attach), workerData.words);
} else {
  const lanes = [0, 1].map(() => Array.from({ length: 6 }, () => new WordMap()));
  rounds.checkThatProcIsAway(lanes[0][0]);

  const endOne = async (maps) => {
    const words = rounds.sharedWords(1);
    const handles = maps.map(({ handle }) => handle);
    const outer = new Worker(new URL(import.meta.url), {
      workerData: { handles, words, level: "outer" },
    });
    const exited = new Promise((resolve, reject) =>
      outer.once("exit", resolve).once("error", reject),
    );
    await rounds.untilItWrites(words, maps, (map) => rounds.participants(map)[1]);
    const from = performance.now();
    void outer.terminate();
    const times = maps.map((map) => {
      rounds.work(map, "main");
      while (rounds.participants(map).length > 1);
      return performance.now() - from;
    });
    await exited;
    return times;
  };

  const result = await rounds.run(lanes.length, (lane) => endOne(lanes[lane]));
  for (const map of lanes.flat()) map.verify();
  rounds.report(result);
}
