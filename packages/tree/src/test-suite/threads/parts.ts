import { assertSame } from "../assert.ts";
import type { AnyMap } from "../map.ts";
import { partsOf } from "../methods/split-points.ts";
import { isStopped, type ThreadJob } from "./job.ts";
import { STAYS, startChurn, staying } from "./scan.ts";
import type { Scene } from "./task.ts";

const MOST = 100;

/** All keys, in order, by way of parts. */
function byParts(map: AnyMap): unknown[] {
  return partsOf({}, map.splitPoints!(5)).flatMap((part) => [...map.keys(part)]);
}

/** All keys, in order, by a cursor that now and then goes a step back. */
function byCursor(map: AnyMap): unknown[] {
  const cursor = map.cursor!();
  const keys: unknown[] = [];
  while (cursor.next()) {
    const { key } = cursor;
    keys.push(key);
    if (keys.length % 16 !== 0) continue;
    cursor.previous();
    // What was there may be gone, and something else be there.
    if (cursor.seek(key) && cursor.key !== key) cursor.previous();
  }
  return keys;
}

/** The keys about which two passes over one map differ: only others can have changed them. */
function changed(map: AnyMap): unknown[] {
  return [...(map.diff!(map) as Iterable<{ key: unknown }>)].map(({ key }) => key);
}

function assertStay(job: ThreadJob, keys: readonly unknown[], what: string): void {
  assertSame(
    keys.filter(staying(job)),
    job.keys.filter((_, i) => i % STAYS === 0),
    what,
  );
}

export const parts: Scene = {
  name: "that go through parts of a map, by cursors, or compare it, find what stays once and in order",
  needs: ["cursor", "splitPoints", "diff"],
  tasks: {
    explore(map, job) {
      for (let round = 0; round < 3 || (round < MOST && !isStopped(job)); round++) {
        if (round % 3 === 0) assertStay(job, byParts(map), "keys by parts that stay");
        else if (round % 3 === 1) assertStay(job, byCursor(map), "keys by cursor that stay");
        else assertSame(changed(map).filter(staying(job)), [], "keys that stay, by diff");
      }
    },
  },
  check: (bench, play) => startChurn(bench, play, "explore"),
};
