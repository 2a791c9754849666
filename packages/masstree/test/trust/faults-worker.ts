// Threads that are in the way: one that stays pinned, one that takes participants, one that fills the map.
import { parentPort, workerData } from "node:worker_threads";
import { treeOf } from "@masstree/tree";
import { MassTree } from "../../src/index.ts";
import { useBuilds } from "./builds.ts";
import { type FaultStart, fillKey } from "./fault-plan.ts";
import { numberOf, type Value, valueFor } from "./values.ts";

const start = workerData as FaultStart;
useBuilds(start.builds);

function standStill(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** Sets keys of its own until the map is full; answers with how many it could set. */
function fill(map: MassTree<Value>, thread: number): number {
  for (let i = 0; ; i++) {
    try {
      map.set(fillKey(thread, i), valueFor(1 + i));
    } catch (error) {
      if ((error as { code?: string }).code !== "MASSTREE_FULL") throw error;
      return i;
    }
  }
}

/** Sets and removes keys of its own, and finds them as it left them. */
function churn(map: MassTree<Value>, thread: number, rounds: number): void {
  const keys = 50;
  const held = new Map<string, number>();
  for (let i = 0; i < rounds; i++) {
    const key = fillKey(thread, (i * 7) % keys);
    const got = numberOf(map.get(key));
    if (got !== (held.get(key) ?? 0)) throw new Error(`${key} is ${got}, not ${held.get(key)}`);
    if (i % 3 === 0) {
      if (map.delete(key) !== held.delete(key)) throw new Error(`${key} was removed twice`);
    } else {
      map.set(key, valueFor(1 + i));
      held.set(key, 1 + i);
    }
  }
  for (const key of held.keys()) map.delete(key);
  map.close();
}

const attach = () => MassTree.attach<Value>(start.handle);
switch (start.task) {
  case "pin":
    treeOf(attach()).exports.pin();
    parentPort!.postMessage("pinned");
    standStill();
    break;
  case "take": {
    const taken = Array.from({ length: start.count }, attach);
    parentPort!.postMessage(taken.length);
    standStill();
    break;
  }
  case "fill": {
    const map = attach();
    // A thread that comes when it is full already finds no room for itself.
    const ready = new Int32Array(start.ready);
    Atomics.add(ready, 0, 1);
    while (Atomics.load(ready, 0) < start.threads);
    parentPort!.postMessage(fill(map, start.thread));
    map.close();
    break;
  }
  case "churn":
    churn(attach(), start.thread, start.rounds);
    break;
}
