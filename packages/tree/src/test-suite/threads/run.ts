// The part of the suite that runs in the threads that an implementer starts.
import type { AnyMap, TestedMap } from "../map.ts";
import type { ThreadJob } from "./job.ts";
import { scenes } from "./scenes.ts";

/**
 * Does one thread's part in a check, and closes the map unless the check is about threads that do not. Call it
 * in the thread that `threads.start` has started, with the map that it has opened there.
 *
 * @param job as `start` was given it
 * @returns what `start` must resolve with; structured-cloneable
 * @throws ConformanceError for what is wrong; `start` must reject then
 */
export function runThread<K, V>(map: TestedMap<K, V>, job: ThreadJob): unknown {
  const task = scenes.map(({ tasks }) => tasks[job.task]).find((found) => found !== undefined);
  if (task === undefined) throw new TypeError(`There is no task '${job.task}'.`);
  const result = task(map as unknown as AnyMap, job);
  if (job.task !== "desert") map.close?.();
  return result;
}
