// A worker that owns a Map, and threads that send it requests: how threads share a map without shared memory.
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { mapRefuses } from "./map.ts";
import { type Key, noOrder, type Peer, type PeerMap, plainNumbers } from "./peer.ts";

type Operation =
  | "get"
  | "set"
  | "delete"
  | "setIfAbsent"
  | "increment"
  | "modify"
  | "getMany"
  | "size"
  | "entries"
  | "load"
  | "heapBytes"
  | "waitFor";

export type Request = readonly [id: number, operation: Operation, key: unknown, value: unknown];
export type Reply = readonly [id: number, result: unknown];

class MessageMap implements PeerMap {
  readonly #port: MessagePort;
  /** Set in the thread that started it. */
  readonly #owner: Worker | undefined;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #next = 0;

  constructor(port: MessagePort, owner?: Worker) {
    this.#port = port;
    this.#owner = owner;
    port.on("message", ([id, result]: Reply) => {
      const resolve = this.#waiting.get(id);
      this.#waiting.delete(id);
      resolve?.(result);
    });
  }

  #ask(operation: Operation, key?: unknown, value?: unknown): Promise<unknown> {
    return new Promise((resolve) => {
      const id = this.#next++;
      this.#waiting.set(id, resolve);
      this.#port.postMessage([id, operation, key, value] satisfies Request);
    });
  }

  size(): Promise<number> {
    return this.#ask("size") as Promise<number>;
  }

  get(key: Key): Promise<unknown> {
    return this.#ask("get", key);
  }

  set(key: Key, value: unknown): Promise<unknown> {
    return this.#ask("set", key, value);
  }

  delete(key: Key): Promise<unknown> {
    return this.#ask("delete", key);
  }

  setIfAbsent(key: Key, value: unknown): Promise<boolean> {
    return this.#ask("setIfAbsent", key, value) as Promise<boolean>;
  }

  increment(key: Key): Promise<unknown> {
    return this.#ask("increment", key);
  }

  modify(key: Key, value: unknown): Promise<unknown> {
    return this.#ask("modify", key, value);
  }

  getMany(keys: readonly Key[]): Promise<unknown[]> {
    return this.#ask("getMany", keys) as Promise<unknown[]>;
  }

  entries(): Promise<Iterable<unknown>> {
    return this.#ask("entries") as Promise<Iterable<unknown>>;
  }

  waitFor(key: Key, number: number): Promise<unknown> {
    return this.#ask("waitFor", key, number);
  }

  /** What the owner's heap has grown by since it started. */
  heapBytes(): Promise<number> {
    return this.#ask("heapBytes") as Promise<number>;
  }

  load(keys: readonly Key[], values: readonly unknown[]): Promise<unknown> {
    return this.#ask("load", keys, values);
  }

  /** A port to the owner, which whoever sends the handle has to transfer. */
  handle(): { port: MessagePort } {
    const { port1, port2 } = new MessageChannel();
    this.#owner!.postMessage({ port: port1 }, [port1]);
    return { port: port2 };
  }

  async close(): Promise<void> {
    this.#port.close();
    await this.#owner?.terminate();
  }
}

function start(workers: string): MessageMap {
  const owner = new Worker(new URL("message-owner.js", workers), {
    resourceLimits: { maxOldGenerationSizeMb: 8192 },
  });
  const { port1, port2 } = new MessageChannel();
  owner.postMessage({ port: port1 }, [port1]);
  return new MessageMap(port2, owner);
}

export const messagePassing: Peer = {
  name: "messages",
  description: "a worker that owns a Map, and threads that send it requests and await the answers",
  own: false,
  memory: "another thread",
  async: true,
  package: "node",
  ...plainNumbers,
  cannot: { range: noOrder, forEach: "it has no such call" },
  refuses: mapRefuses,
  create: ({ workers }) => start(workers),
  async load({ workers }, keys, values) {
    const map = start(workers);
    await map.load(keys, values);
    return map;
  },
  attach: (handle) => new MessageMap((handle as { port: MessagePort }).port),
};
