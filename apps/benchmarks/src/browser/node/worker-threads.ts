// `node:worker_threads` over a browser's workers, as far as the benchmark uses it.
//
// A worker's first message is its `workerData`. Later ones wait until somebody listens, as they do in Node.

type Listener = (value: never) => void;

/** Calls listeners, and keeps messages that come before there is one. */
class Events {
  readonly #listeners = new Map<string, Listener[]>();
  #early: unknown[] = [];

  on(event: string, listener: Listener): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    if (event === "message") {
      for (const value of this.#early) listener(value as never);
      this.#early = [];
    }
    return this;
  }

  emit(event: string, value: unknown): void {
    const listeners = this.#listeners.get(event) ?? [];
    if (event === "message" && listeners.length === 0) this.#early.push(value);
    // As in Node: an error that nobody listens to ends this thread too, in whose parent somebody may listen.
    if (event === "error" && listeners.length === 0) reportError(value);
    for (const listener of listeners) listener(value as never);
  }
}

interface WorkerOptions {
  readonly workerData?: unknown;
  readonly name?: string;
}

export class Worker extends Events {
  readonly #worker: globalThis.Worker;

  constructor(script: URL, { workerData, name = "" }: WorkerOptions = {}) {
    super();
    this.#worker = new globalThis.Worker(script, { type: "module", name });
    this.#worker.onmessage = ({ data }) => this.emit("message", data);
    this.#worker.onmessageerror = () => this.emit("error", new Error(`${name}: a message is lost`));
    this.#worker.onerror = (event) => {
      event.preventDefault();
      // A script that does not load has no message.
      this.emit("error", new Error(event.message || `${name}: the worker's script cannot be run`));
    };
    this.#worker.postMessage({ workerData });
  }

  postMessage(value: unknown, transfer: Transferable[] = []): void {
    this.#worker.postMessage(value, transfer);
  }

  terminate(): Promise<number> {
    this.#worker.terminate();
    return Promise.resolve(1);
  }
}

/** A port of Node has `on`; a browser's port has to be started. */
interface NodePort {
  on(event: "message", listener: (value: never) => void): this;
}

declare global {
  interface MessagePort extends NodePort {}
}

globalThis.MessagePort.prototype.on = function (this: MessagePort, event, listener) {
  this.addEventListener(event, (message) => listener((message as MessageEvent).data as never));
  this.start();
  return this;
};

export const MessagePort = globalThis.MessagePort;
export const MessageChannel = globalThis.MessageChannel;

/** The worker's side. The page has neither. */
interface Self {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(value: unknown, transfer?: Transferable[]): void;
}

const self: Self | undefined =
  "document" in globalThis ? undefined : (globalThis as unknown as Self);

class ParentPort extends Events {
  postMessage(value: unknown, transfer: Transferable[] = []): void {
    self!.postMessage(value, transfer);
  }
}

export const parentPort: ParentPort | null = self === undefined ? null : new ParentPort();

export const workerData: unknown =
  self === undefined
    ? undefined
    : await new Promise((resolve) => {
        self.onmessage = ({ data }) => {
          self.onmessage = (event) => parentPort!.emit("message", event.data);
          resolve(data.workerData);
        };
      });
