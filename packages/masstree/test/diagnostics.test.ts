// What is rare and worth knowing is said, once, outside of all operations, and to whom it was asked for.
import { channel, subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { treeModules, treeOf } from "@masstree/tree";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { wasm as treeWasm } from "../../tree/src/generated/tree-15.ts";
import { wasm as boxedWasm } from "../src/generated/boxed-15.ts";
import { MassTree, MassTreeInline } from "../src/index.ts";
import { boxedModules } from "../src/modules.ts";
import { trace } from "../src/trace.ts";

type Event = Record<string, unknown>;
const stops: (() => void)[] = [];

// Debug builds, which other files of this process may have put in place, tell nobody.
const before = [treeModules.get(15), boxedModules.get(15)] as const;
beforeAll(() => {
  treeModules.add(15, treeWasm);
  boxedModules.add(15, boxedWasm);
});
afterAll(() => {
  treeModules.add(15, before[0]);
  boxedModules.add(15, before[1]);
});

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** The events of a channel from now on. */
function listen(name: string, also: (event: Event) => void = () => {}): Event[] {
  const events: Event[] = [];
  const listener = (event: unknown) => {
    also(event as Event);
    events.push(event as Event);
  };
  subscribe(`masstree:${name}`, listener);
  stops.push(() => unsubscribe(`masstree:${name}`, listener));
  return events;
}

const settled = () => new Promise(setImmediate);

test("growth of the memory is an event, for each time", async () => {
  const map = new MassTreeInline({ initialBytes: 2 ** 20 });
  const events = listen("memory-grown", () => map.set("subscribers may", 1).verify());
  for (let i = 0; i < 60_000; i++) map.set(`key ${i}`, i);
  expect(events).toEqual([]);
  await settled();
  expect(events.length).toBeGreaterThan(1);
  const { memory } = map.handle;
  for (const event of events)
    expect(event).toEqual({ memory, structure: "map", bytes: event.bytes });
  const sizes = events.map(({ bytes }) => bytes as number);
  expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
  expect(sizes.at(-1)).toBe(map.stats().committedBytes);
  map.close();
});

test("a write that does not fit is an event", async () => {
  const events = listen("full");
  const map = new MassTree({ value: "bytes", maxBytes: 2 ** 20 });
  map.set("a", new Uint8Array(10));
  await settled();
  expect(events).toEqual([]);
  expect(() => map.set("b", new Uint8Array(2 ** 20))).toThrow("maxBytes");
  await settled();
  expect(events).toEqual([{ memory: map.handle.memory, structure: "map", bytes: 2 ** 20 }]);
  map.close();
});

test("a thread that was recovered is an event where it was done", async () => {
  const events = listen("participant-recovered");
  const map = new MassTreeInline();
  const program = `
    const { parentPort, workerData } = require("node:worker_threads");
    import(workerData.url).then(({ MassTreeInline }) => {
      const map = MassTreeInline.attach(workerData.handle);
      parentPort.postMessage(map.participant);
      for (let i = 0; ; i++) map.set("key " + (i % 1000), i);
    });`;
  const url = new URL("../dist/index.js", import.meta.url).href;
  const worker = new Worker(program, { eval: true, workerData: { handle: map.handle, url } });
  const [participant] = await once(worker, "message");
  await worker.terminate();
  map.verify();
  await settled();
  expect(events).toEqual([{ memory: map.handle.memory, structure: "map", participant }]);
  map.close();
});

describe("a participant that stays in an operation", () => {
  test("is an event, but not for each block that it holds up", async () => {
    const events = listen("epoch-held");
    const map = new MassTree({ value: "bytes" });
    const other = MassTree.attach<Uint8Array>(map.handle);
    const churn = () => {
      for (let i = 0; i < 3000; i++) map.set(`${i % 10}`, new Uint8Array(200).fill(i));
    };
    churn();
    await settled();
    expect(events).toEqual([]);
    const { exports } = treeOf(other);
    exports.pin();
    churn();
    await settled();
    const event = { memory: map.handle.memory, structure: "map", participant: other.participant };
    expect(events).toEqual([event]);
    expect(map.maintain()).toBe(true);
    exports.unpin();
    expect(map.maintain()).toBe(false);
    expect(map.stats().retiredBytes).toBe(0);
    other.close();
    map.close();
  });
});

test("subscribers that throw do not harm a map", async () => {
  const map = new MassTree({ initialBytes: 2 ** 20 });
  let calls = 0;
  const uncaught: unknown[] = [];
  const catcher = (error: unknown) => uncaught.push(error);
  const before = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", catcher);
  listen("memory-grown", () => {
    calls++;
    throw new Error("a subscriber's");
  });
  for (let i = 0; i < 30_000; i++) map.set(`key ${i}`, i);
  await settled();
  await settled();
  process.removeListener("uncaughtException", catcher);
  for (const listener of before) process.on("uncaughtException", listener);
  expect(calls).toBeGreaterThan(0);
  expect(uncaught.length).toBe(calls);
  map.verify();
  map.close();
});

test("nobody is told who has not asked", async () => {
  expect(channel("masstree:memory-grown").hasSubscribers).toBe(false);
  const map = new MassTree({ initialBytes: 2 ** 20 });
  for (let i = 0; i < 30_000; i++) map.set(`key ${i}`, i);
  const late = listen("memory-grown");
  await settled();
  expect(late).toEqual([]);
  map.close();
});

test("a map of sorted entries that do not fit is as full as one that is written to", async () => {
  const full = listen("full");
  const value = "x".repeat(1000);
  const entries = Array.from({ length: 2000 }, (_, i) => [String(10_000 + i), value] as const);
  const make = () => MassTree.fromSorted(entries, { value: "utf8", maxBytes: 2 ** 20 });
  expect(make).toThrow(expect.objectContaining({ code: "MASSTREE_FULL" }));
  await settled();
  expect(full).toMatchObject([{ structure: "map", bytes: 2 ** 20 }]);
});

test("a trace goes to a function, and nothing else", () => {
  for (const write of [process.stderr, "file", null]) {
    expect(() => trace(write as never)).toThrow(
      expect.objectContaining({
        code: "MASSTREE_BAD_OPTION",
        message: expect.stringMatching(/line/),
      }),
    );
  }
  expect(channel("masstree:full").hasSubscribers).toBe(false);
});

test("a trace is lines of JSON, until it is stopped", async () => {
  const lines: string[] = [];
  const stop = trace((line) => lines.push(line));
  const maps = [1, 2].map(() => new MassTree({ value: "bytes", maxBytes: 2 ** 20 }));
  const fill = (map: MassTree<Uint8Array>) =>
    expect(() => map.set("a", new Uint8Array(2 ** 20))).toThrow("maxBytes");
  for (const map of [...maps, maps[0]!]) fill(map);
  await settled();
  stop();
  fill(maps[0]!);
  await settled();
  const events = lines.map((line) => JSON.parse(line));
  expect(lines.every((line) => line.indexOf("\n") === line.length - 1)).toBe(true);
  expect(events.map(({ memory }) => memory - events[0].memory)).toEqual([0, 1, 0]);
  for (const { time, memory, ...rest } of events) {
    expect(new Date(time).toISOString()).toBe(time);
    expect(rest).toEqual({ event: "full", thread: 0, structure: "map", bytes: 2 ** 20 });
  }
  for (const map of maps) map.close();
});
