import { assertSame, assertTrue, show } from "../assert.ts";
import type { Bench } from "../bench.ts";
import { isStopped, type ThreadJob } from "./job.ts";
import type { Play, Scene } from "./task.ts";

/** Every so many keys one stays throughout. */
export const STAYS = 3;
/** Scans of one thread. */
const MOST = 200;

export const scan: Scene = {
  name: "that scan find what stays once and in order, while others insert and delete",
  tasks: {
    /** Scans until all should stop; once at least, and not for ever where threads take turns. */
    scan(map, job) {
      const places = new Map(job.keys.map((key, i) => [show(key), i]));
      for (let round = 0; round === 0 || (round < MOST && !isStopped(job)); round++) {
        const reverse = round % 2 === 1;
        let last = reverse ? job.keys.length : -1;
        let stayed = 0;
        for (const key of map.keys({ reverse })) {
          const at = places.get(show(key));
          assertTrue(at !== undefined, `a scan gave ${show(key)}, which nobody has set`);
          assertTrue(
            reverse ? at! < last : at! > last,
            `a scan gave ${show(key)} after ${show(job.keys[last])}`,
          );
          last = at!;
          if (last % STAYS === 0) stayed++;
        }
        assertSame(stayed, job.keys.length / STAYS, "how many keys that stay a scan gave");
      }
    },
    /** Inserts and deletes its share of the keys that do not stay; those are there or not, as it knows. */
    churn(map, job) {
      for (let round = 0; round < 6; round++) {
        for (const key of ownKeys(job)) map.set(key, job.values[round]);
        for (const key of ownKeys(job)) {
          assertSame(map.delete(key), true, "delete, of what this thread has set");
          assertSame(map.has(key), false, "has, of what this thread has deleted");
        }
      }
    },
  },
  check: (bench, play) => startChurn(bench, play, "scan"),
};

/** Two threads insert and delete keys that do not stay, while two others do the task. */
export async function startChurn(bench: Bench, play: Play, task: string): Promise<void> {
  const map = bench.create();
  const samples = { keys: bench.keys(600), values: bench.values(6) };
  const model = bench.model();
  for (const key of samples.keys.filter((_, i) => i % STAYS === 0)) {
    map.set(key, samples.values[0]);
    model.set(key, samples.values[0]);
  }
  await play(map, ["churn", "churn", task, task], samples);
  bench.assertLike(map, model);
}

/** Tells whether a key is one of those that stay. */
export function staying({ keys }: ThreadJob): (key: unknown) => boolean {
  const stay = new Set(keys.filter((_, i) => i % STAYS === 0).map(show));
  return (key) => stay.has(show(key));
}

/** The first two threads have one of every three keys each. */
function* ownKeys({ keys, thread }: ThreadJob): Generator<unknown> {
  for (let i = thread + 1; i < keys.length; i += STAYS) yield keys[i];
}
