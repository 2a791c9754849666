// A thread of the benchmark: it makes keys, or is a thread of one peer.
import type { KeySet, KeySource } from "./bench/keys/key-set.ts";
import { makeKeySet } from "./bench/keys/key-set.ts";
import { loadPeer } from "./bench/peers/registry.ts";
import type { Task } from "./bench/thread/held-map.ts";
import { Member } from "./bench/thread/member.ts";
import { churn, fill, memory, wake } from "./bench/thread/special.ts";
import type { Trace } from "./bench/trace/trace.ts";
import { Board } from "./threads/board.ts";
import { collect } from "./threads/heap.ts";
import { serve } from "./threads/serve.ts";

export interface MemberData {
  readonly peer: string;
  readonly set: KeySet;
  readonly seed: number;
  readonly thread: number;
  readonly threads: number;
  readonly board: SharedArrayBuffer;
  /** For maps that need a file. */
  readonly directory: string;
  /** The folder of the built workers, as a URL. */
  readonly workers: string;
  readonly trace: Trace | undefined;
}

export type WorkerData = { readonly role: "keys" } | ({ readonly role: "member" } & MemberData);

const keyHandlers = { make: (source: KeySource) => makeKeySet(source) };

export type KeyHandlers = typeof keyHandlers;

async function memberHandlers(data: MemberData) {
  const peer = await loadPeer(data.peer);
  const board = new Board(data.threads, data.board);
  const { set, seed, thread, directory, workers, trace } = data;
  const place = { directory, workers };
  const member = new Member({ ...place, peer, set, seed, thread, board, trace, collect });
  return {
    /** Answers once the thread has its keys. */
    ready: (): void => {},
    prepare: (task: Task) => member.prepare(task),
    attach: (version: number, handle: unknown) => member.attach(version, handle),
    steady: (task: Task, milliseconds: number) => member.steady(task, milliseconds),
    latencies: (task: Task, milliseconds: number, rate: number | undefined) =>
      member.latencies(task, milliseconds, rate),
    pass: (task: Task, timed: boolean) => member.pass(task, timed),
    shrink: () => member.shrink(),
    takeIncrements: () => member.takeIncrements(),
    check: (task: Task, round: number, increments: number) => member.check(task, round, increments),
    memory: () => memory(member),
    fill: () => fill(member),
    churn: (milliseconds: number) => churn(member, milliseconds),
    wake: (exchanges: number) => wake(member, thread === 0, exchanges),
    /** Opens the map and reads a key: what a new thread does first. */
    async open(version: number, handle: unknown, key: number): Promise<void> {
      await member.attach(version, handle);
      const value = await member.map.get(member.contents.keys[key]!);
      if (!member.contents.belongs(value, key)) throw new Error(`the opened map has no key ${key}`);
    },
    release: () => member.release(),
  };
}

export type MemberHandlers = Awaited<ReturnType<typeof memberHandlers>>;

serve(async (data: WorkerData) =>
  data.role === "keys" ? keyHandlers : await memberHandlers(data),
);
