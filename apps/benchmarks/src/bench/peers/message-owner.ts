// The worker that owns the Map of message-passing.ts and answers the threads that send it requests.
import { type MessagePort, parentPort } from "node:worker_threads";
import { heapBytes } from "../../threads/heap.ts";
import type { Reply, Request } from "./message-passing.ts";

const map = new Map<unknown, unknown>();
const atStart = heapBytes();
/** Who waits until a key has a value: the value, and how to tell. */
const waiting = new Map<unknown, Map<unknown, () => void>>();

function set(key: unknown, value: unknown): void {
  map.set(key, value);
  const waiters = waiting.get(key);
  waiters?.get(value)?.();
  waiters?.delete(value);
}

function answer(operation: Request[1], key: unknown, value: unknown): unknown {
  switch (operation) {
    case "get":
      return map.get(key);
    case "set":
      return set(key, value);
    case "delete":
      return map.delete(key);
    case "setIfAbsent":
      if (map.has(key)) return false;
      set(key, value);
      return true;
    case "increment":
      return set(key, (map.get(key) as number) + 1);
    case "modify": {
      const old = map.get(key);
      set(key, value);
      return old;
    }
    case "getMany":
      return (key as unknown[]).map((each) => map.get(each));
    case "size":
      return map.size;
    case "entries":
      return [...map];
    case "load":
      (key as unknown[]).forEach((each, i) => {
        map.set(each, (value as unknown[])[i]);
      });
      return undefined;
    case "heapBytes":
      return heapBytes() - atStart;
    case "waitFor":
      return undefined;
  }
}

function serve(port: MessagePort): void {
  port.on("message", ([id, operation, key, value]: Request) => {
    const reply = (result: unknown): void => port.postMessage([id, result] satisfies Reply);
    if (operation !== "waitFor" || map.get(key) === value) {
      reply(answer(operation, key, value));
      return;
    }
    if (!waiting.has(key)) waiting.set(key, new Map());
    waiting.get(key)!.set(value, () => reply(undefined));
  });
}

if (parentPort === null) throw new Error("this module runs only as a worker");
parentPort.on("message", ({ port }: { port: MessagePort }) => serve(port));
