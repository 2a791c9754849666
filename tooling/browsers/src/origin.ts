// An origin of a browser, in memory: its lock manager and its broadcast channels, and agents (pages and
// workers) that use them, all in one thread.
//
// Nothing happens by itself. What an agent asks of the manager, what it is answered, and messages
// between agents are tasks; `settle` runs them, drawing whose is next, until none is left. So every
// order that processes and pipes of a browser may come up with can come up here, and one seed repeats
// it. Per agent, tasks run in the order in which they were queued.
//
// As the Web Locks specification has it: requests for one name are granted in the order in which they
// came, shared ones together; a callback runs once granted, and the lock is held until what it returns
// settles; a signal takes back a request, not a lock; an agent that ends gives up all. `steal` and
// `ifAvailable` are not there.

/** A task's owner: it does not run while that stands still, and never once it is dead. */
interface Task {
  readonly agent: Agent;
  run(): void;
}

interface LockRequest {
  readonly agent: Agent;
  readonly name: string;
  readonly mode: LockMode;
  /** Whether its callback was called. */
  known: boolean;
  grant(release: () => void): void;
}

export class Origin {
  readonly #random: () => number;
  readonly #tasks: Task[] = [];
  readonly #held: LockRequest[] = [];
  #pending: LockRequest[] = [];
  readonly #channels = new Set<Channel>();

  /** @param random 0 to 1, decides whose task is next */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** Runs tasks until there are none that can run. */
  async settle(): Promise<void> {
    while (await this.step());
  }

  /** Runs one task and the microtasks after it; false when there is none that can run. */
  async step(): Promise<boolean> {
    await microtasks();
    const agents = [...new Set(this.#tasks.map(({ agent }) => agent))].filter((one) => one.turns);
    if (agents.length === 0) return false;
    const agent = agents[Math.floor(this.#random() * agents.length)]!;
    const [task] = this.#tasks.splice(
      this.#tasks.findIndex((one) => one.agent === agent),
      1,
    );
    task!.run();
    await microtasks();
    return true;
  }

  queue(agent: Agent, run: () => void): void {
    if (!agent.dead) this.#tasks.push({ agent, run });
  }

  add(request: LockRequest): void {
    this.#pending.push(request);
    this.#grant();
  }

  takeBack(request: LockRequest): boolean {
    const at = this.#pending.indexOf(request);
    if (at >= 0) this.#pending.splice(at, 1);
    this.#grant();
    return at >= 0;
  }

  /** What `query` answers. */
  snapshot(): LockManagerSnapshot {
    const info = ({ name, mode }: LockRequest) => ({ name, mode, clientId: "" });
    return { held: this.#held.map(info), pending: this.#pending.map(info) };
  }

  holds(agent: Agent): boolean {
    return this.#held.some((one) => one.agent === agent && one.mode === "exclusive" && one.known);
  }

  end(agent: Agent): void {
    this.#tasks.splice(0, Infinity, ...this.#tasks.filter((task) => task.agent !== agent));
    this.#pending = this.#pending.filter((request) => request.agent !== agent);
    this.#held.splice(0, Infinity, ...this.#held.filter((request) => request.agent !== agent));
    for (const channel of this.#channels) if (channel.agent === agent) channel.close();
    this.#grant();
  }

  open(channel: Channel): void {
    this.#channels.add(channel);
  }

  shut(channel: Channel): void {
    this.#channels.delete(channel);
  }

  get openChannels(): number {
    return this.#channels.size;
  }

  send(from: Channel, data: unknown): void {
    if (!this.#channels.has(from)) throw new DOMException("closed", "InvalidStateError");
    for (const to of this.#channels) {
      if (to === from || to.name !== from.name) continue;
      this.queue(to.agent, () => {
        if (this.#channels.has(to)) to.onmessage?.({ data } as MessageEvent);
      });
    }
  }

  #grant(): void {
    const blocked = new Set<string>();
    for (const request of [...this.#pending]) {
      const { name, mode } = request;
      const others = this.#held.filter((one) => one.name === name);
      const free =
        mode === "exclusive" ? others.length === 0 : others.every((one) => one.mode === "shared");
      if (!free || blocked.has(name)) {
        blocked.add(name);
        continue;
      }
      this.#pending.splice(this.#pending.indexOf(request), 1);
      this.#held.push(request);
      this.queue(request.agent, () => {
        request.known = true;
        request.grant(() => {
          const at = this.#held.indexOf(request);
          if (at >= 0) this.#held.splice(at, 1);
          this.#grant();
        });
      });
    }
  }
}

/** A page or a worker, with what such a one finds in its global object. */
export class Agent {
  readonly #origin: Origin;
  #dead = false;
  /** Its event loop does not turn: it is in a long job, or waits for something in one. */
  standsStill = false;

  constructor(origin: Origin) {
    this.#origin = origin;
  }

  get dead(): boolean {
    return this.#dead;
  }

  get turns(): boolean {
    return !this.#dead && !this.standsStill;
  }

  /** Whether it holds a lock that others cannot share, and knows. */
  get hasLock(): boolean {
    return this.#origin.holds(this);
  }

  /** Ends it wherever it is. Its lock is free from now on, for who hears of it. */
  die(): void {
    this.#dead = true;
    this.#origin.end(this);
  }

  get BroadcastChannel(): typeof BroadcastChannel {
    const agent = this;
    const origin = this.#origin;
    return class extends Channel {
      constructor(name: string) {
        super(origin, agent, name);
      }
    } as unknown as typeof BroadcastChannel;
  }

  readonly locks = {
    request: (
      name: string,
      options: { mode?: LockMode; signal?: AbortSignal },
      callback: (lock: Lock) => unknown,
    ): Promise<unknown> => this.#request(name, options, callback),
    // The question takes its time, and so does the answer.
    query: (): Promise<LockManagerSnapshot> =>
      new Promise((resolve) => {
        this.#origin.queue(this, () => {
          const snapshot = this.#origin.snapshot();
          this.#origin.queue(this, () => resolve(snapshot));
        });
      }),
  } as unknown as LockManager;

  #request(
    name: string,
    { mode = "exclusive", signal }: { mode?: LockMode; signal?: AbortSignal },
    callback: (lock: Lock) => unknown,
  ): Promise<unknown> {
    const origin = this.#origin;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const request: LockRequest = {
        agent: this,
        name,
        mode,
        known: false,
        grant: (release) => {
          signal?.removeEventListener("abort", abort);
          // As from an async function: what it throws is what the request rejects with.
          const held = (async () => callback({ name, mode }))();
          held.then(resolve, reject);
          held.then(release, release);
        },
      };
      const abort = () => {
        // While the manager has not heard of it yet, or has not granted it.
        if (asked && !origin.takeBack(request)) return;
        withdrawn = true;
        reject(signal!.reason);
      };
      let asked = false;
      let withdrawn = false;
      signal?.addEventListener("abort", abort);
      origin.queue(this, () => {
        asked = true;
        if (!withdrawn) origin.add(request);
      });
    });
  }
}

class Channel {
  readonly #origin: Origin;
  readonly agent: Agent;
  readonly name: string;
  onmessage: ((event: MessageEvent) => void) | null = null;

  constructor(origin: Origin, agent: Agent, name: string) {
    this.#origin = origin;
    this.agent = agent;
    this.name = name;
    origin.open(this);
  }

  postMessage(data: unknown): void {
    this.#origin.send(this, data);
  }

  close(): void {
    this.#origin.shut(this);
  }
}

/** Lets everything run that follows from what ran, and needs no task. */
function microtasks(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
