/*
 * A worker of the page. It carries out the page's orders, one at a time, and answers each. `plan.ts`
 * defines what it writes, so that the page knows what the map must contain.
 */
import { type MapHandle, MassTree } from "masstree";
import { obey } from "./obey.ts";
import { apply, type Entry } from "./plan.ts";

export interface Orders {
  attach(handle: MapHandle): number;
  /** Adds `count` keys that start with `name`, checks them, and returns how many a scan finds. */
  fill(name: string, count: number): number;
  /** Writes in batches until `stop` is 1. Returns the longest time an operation took, in milliseconds. */
  write(name: string, stop: SharedArrayBuffer): Promise<number>;
  /** Writes forever. The first word of `done` counts the completed steps. */
  flood(name: string, done: SharedArrayBuffer): never;
  /** Attaches and floods without returning to the event loop. The participant is in the second word. */
  attachAndFlood(handle: MapHandle, name: string, done: SharedArrayBuffer): never;
  /** Blocks its event loop for that long. */
  standStill(milliseconds: number): void;
  /** Starts a nested worker, which attaches the map. */
  nest(handle: MapHandle): Promise<void>;
  /** Lets the nested worker flood. */
  floodNested(name: string, done: SharedArrayBuffer): void;
  close(): void;
  /** Ends the worker without closing its map. */
  end(): void;
}

let map: MassTree<Entry> | undefined;
let child: Worker | undefined;

const orders: Orders = {
  attach(handle) {
    map = MassTree.attach<Entry>(handle);
    return map.participant;
  },
  fill(name, count) {
    for (let i = 0; i < count; i++) {
      map!.set(`${name}/${i}`, { step: i, text: "é".repeat(i % 40) });
      if (map!.get(`${name}/${i >> 1}`)?.step !== i >> 1)
        throw new Error(`${name}/${i >> 1} is lost`);
    }
    let last = "";
    let found = 0;
    for (const [key, { step }] of map!.entries({ prefix: `${name}/` })) {
      if (key <= last || !key.endsWith(`/${step}`))
        throw new Error(`after ${last} came ${key} with step ${step}`);
      last = key;
      found++;
    }
    return found;
  },
  async write(name, stop) {
    const stopped = new Int32Array(stop);
    let longest = 0;
    for (let step = 0; Atomics.load(stopped, 0) === 0; ) {
      for (const end = step + 100; step < end; step++) {
        const before = performance.now();
        apply(map!, name, step);
        longest = Math.max(longest, performance.now() - before);
      }
      await new Promise((resolve) => setTimeout(resolve));
    }
    return longest;
  },
  flood(name, done) {
    const counter = new Int32Array(done);
    for (let step = 0; ; step++) {
      apply(map!, name, step);
      Atomics.store(counter, 0, step + 1);
    }
  },
  attachAndFlood(handle, name, done) {
    Atomics.store(new Int32Array(done), 1, orders.attach(handle));
    return orders.flood(name, done);
  },
  standStill(milliseconds) {
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
  },
  nest(handle) {
    child = new Worker(new URL("/worker.js", self.location.href), { type: "module" });
    const attached = new Promise<void>((resolve) => {
      child!.onmessage = () => resolve();
    });
    child.postMessage({ order: "attach", given: [handle] });
    return attached;
  },
  floodNested(name, done) {
    child!.postMessage({ order: "flood", given: [name, done] });
  },
  close() {
    map!.close();
  },
  end() {
    self.close();
  },
};

obey(orders);
