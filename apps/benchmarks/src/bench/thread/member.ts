// One thread of a peer: it does its share of each workload on the map that `held-map.ts` has, and times it.
//
// Thread 0 leads: it makes the map, fills it, and looks at it afterwards.
import { mkdir } from "node:fs/promises";
import type { Board } from "../../threads/board.ts";
import { now } from "../../threads/clock.ts";
import type { KeySet } from "../keys/key-set.ts";
import { createHistogram, encode, record } from "../latency.ts";
import type { MapPlace, Peer, PeerMap } from "../peers/peer.ts";
import type { Trace } from "../trace/trace.ts";
import { type Pass, workloadOf } from "../workloads.ts";
import { Contents, wrongFor } from "./contents.ts";
import { type Done, HeldMap, type Task } from "./held-map.ts";
import { blockOf, IN_FLIGHT, loopFor } from "./loops.ts";
import { shareOf } from "./passes.ts";
import { INCREMENT, makeProgram, type Program } from "./program.ts";

/** What timing single operations gave. */
export interface Timed {
  readonly histogram: string;
  readonly perSecond: number;
}

export interface MemberParts {
  readonly peer: Peer;
  readonly set: KeySet;
  readonly seed: number;
  readonly thread: number;
  readonly board: Board;
  readonly directory: string;
  readonly workers: string;
  readonly trace: Trace | undefined;
  /** Collects this thread's garbage, so that what is timed pays only for its own. */
  readonly collect: () => void;
}

/** Keys, and time, with which a thread lets the engine compile its loops. */
const WARM_KEYS = 20_000;
const WARM_MILLISECONDS = 60;

export class Member {
  readonly contents: Contents;
  readonly peer: Peer;
  readonly place: MapPlace;
  readonly #parts: MemberParts;
  readonly #held: HeldMap;
  readonly #programs = new Map<string, { program: Program; next: number }>();
  readonly #warm = new Set<string>();
  #increments = 0;

  constructor(parts: MemberParts) {
    const { peer, set, seed, directory, workers } = parts;
    this.#parts = parts;
    this.peer = peer;
    this.contents = new Contents(peer, set, seed);
    this.place = { ...set, size: set.size + set.absent, directory, workers };
    this.#held = new HeldMap(peer, this.contents, this.place);
  }

  get map(): PeerMap {
    return this.#held.map;
  }

  /** Makes the map as the workload needs it. Returns what the other threads attach with. */
  async prepare({ workload, threads }: Task): Promise<{ version: number; handles: unknown[] }> {
    this.#increments = 0;
    if (await this.#held.prepare(workloadOf(workload))) this.#forgetInserted();
    const { shape } = workloadOf(workload);
    const others = shape.kind === "special" && shape.what === "open" ? 1 : threads - 1;
    const handles = Array.from({ length: others }, () => this.map.handle!());
    return { version: this.#held.version, handles };
  }

  /** Attaches to the map of thread 0, unless this thread has done so. */
  attach(version: number, handle: unknown): Promise<void> {
    return this.#held.attach(version, handle);
  }

  /** Repeats the workload's operations for `milliseconds`, starting together with the other threads. */
  async steady(task: Task, milliseconds: number): Promise<Done> {
    const { program, run } = this.#ready(task);
    await this.#warmUp(task, program, run, Math.min(WARM_MILLISECONDS, milliseconds));
    this.#parts.collect();
    this.#meet(task.threads);
    return run(milliseconds);
  }

  /** The same, but times each operation. Returns a histogram, and how many operations were done per second. */
  async latencies(task: Task, milliseconds: number, rate: number | undefined): Promise<Timed> {
    const { program, contents, entry, async } = this.#ready(task);
    const loop = loopFor(program, contents, async);
    const histogram = createHistogram();
    const { map } = this;
    const period = rate === undefined ? 0 : (1e9 * task.threads) / rate;
    this.#parts.collect();
    this.#meet(task.threads);
    const start = process.hrtime.bigint();
    const limit = milliseconds * 1e6;
    // Nanoseconds since the start: far below 2^53.
    const elapsed = (): number => Number(process.hrtime.bigint() - start);
    let due = 0;
    let end = 0;
    for (; end < limit; due += period) {
      if (program.fresh.length > 0 && program.grown === program.fresh.length) break;
      if (period > 0) for (end = elapsed(); end < due; end = elapsed()) if (async) await turn();
      const began = period > 0 ? due : elapsed();
      const met = loop(map, program, entry.next, entry.next + 1);
      if (met instanceof Promise) await met;
      end = elapsed();
      // With a rate, an operation is late from the moment at which it was due, also if an earlier one held it up.
      record(histogram, end - began);
      this.#count(program, entry.next, entry.next + 1);
      entry.next = entry.next + 1 === program.length ? 0 : entry.next + 1;
    }
    return { histogram: encode(histogram), perSecond: (1e9 * histogram.totalCount) / end };
  }

  /** Does this thread's part of a pass. With `timed`, each operation goes into the histogram that it returns. */
  async pass({ workload, threads }: Task, timed: boolean): Promise<Done & { histogram?: string }> {
    const { pass } = workloadOf(workload).shape as { pass: Pass };
    const { thread, trace } = this.#parts;
    const { peer, contents } = this;
    const parts = { pass, contents, thread, threads, async: peer.async, trace };
    await this.#warmPass(pass);
    if (pass === "load") return this.#held.load(this.#parts.collect);
    const share = shareOf(parts);
    const { map } = this;
    this.#parts.collect();
    this.#meet(threads);
    const start = now();
    let met = 0;
    if (!timed) {
      met = await share.run(map, 0, share.length);
      return { start, end: now(), operations: share.length, met, whole: true };
    }
    const histogram = createHistogram();
    for (let i = 0; i < share.length; i++) {
      const began = process.hrtime.bigint();
      const one = share.run(map, i, i + 1);
      met += one instanceof Promise ? await one : one;
      record(histogram, Number(process.hrtime.bigint() - began));
    }
    const end = now();
    return { start, end, operations: share.length, met, whole: true, histogram: encode(histogram) };
  }

  /** Removes what this thread inserted in addition to the full map. */
  async shrink(): Promise<void> {
    for (const { program } of this.#programs.values()) {
      for (; program.grown > 0; program.grown--) {
        await this.map.delete(program.fresh[program.grown - 1]!);
      }
      program.settled = 0;
    }
  }

  /** Compares the map with what it has to hold after the workload. `increments` are those of all threads. */
  check({ workload }: Task, round: number, increments: number): Promise<void> {
    return this.#held.check(workloadOf(workload), round, increments, this.#parts.trace);
  }

  async release(): Promise<void> {
    this.#forgetInserted();
    await this.#held.release();
  }

  /** How often this thread incremented a counter since it was last asked. */
  takeIncrements(): number {
    const increments = this.#increments;
    this.#increments = 0;
    return increments;
  }

  /** What programs inserted went with the map. */
  #forgetInserted(): void {
    for (const { program } of this.#programs.values()) program.grown = program.settled = 0;
  }

  #ready(task: Task) {
    const name = `${task.workload} ${task.choice} ${task.threads}`;
    const { peer, contents } = this;
    let entry = this.#programs.get(name);
    if (entry === undefined) {
      const { thread } = this.#parts;
      const workload = workloadOf(task.workload);
      const { choice, threads } = task;
      entry = { program: makeProgram({ workload, choice, thread, threads, contents }), next: 0 };
      // Programs are large: those of other workloads are not kept.
      this.#programs.clear();
      this.#programs.set(name, entry);
    }
    const held = entry;
    const run = (milliseconds: number) => this.#run(held, milliseconds, task.threads);
    return { program: entry.program, entry, contents, async: peer.async, run };
  }

  async #warmUp(
    { workload, threads }: Task,
    program: Program,
    run: (milliseconds: number) => Promise<Done>,
    milliseconds: number,
  ): Promise<void> {
    const name = `${workload} ${threads > 1}`;
    if (this.#warm.has(name)) return;
    this.#warm.add(name);
    // A program that inserts would use up its keys.
    if (program.fresh.length === 0) await run(milliseconds);
  }

  async #run(
    entry: { program: Program; next: number },
    milliseconds: number,
    threads: number,
  ): Promise<Done> {
    const { program } = entry;
    const { map, peer, contents } = this;
    const loop = loopFor(program, contents, peer.async);
    const growing = program.fresh.length > 0;
    const most = growing
      ? Math.max(1, program.fresh.length >> 2)
      : peer.async
        ? IN_FLIGHT
        : Infinity;
    const block = Math.min(blockOf(program), most);
    let operations = 0;
    let met = 0;
    let expected = 0;
    let whole = true;
    const start = now();
    let end = start;
    for (const stop = start + milliseconds; end < stop; end = now()) {
      // Every step of a block may insert.
      if (growing && program.fresh.length - program.grown < block) {
        whole = false;
        break;
      }
      const to = Math.min(program.length, entry.next + block);
      const found = loop(map, program, entry.next, to);
      met += found instanceof Promise ? await found : found;
      expected += this.#count(program, entry.next, to);
      operations += to - entry.next;
      entry.next = to === program.length ? 0 : to;
    }
    // While other threads insert, a scan may meet more entries than it began with.
    if (growing ? met < expected : met !== expected) {
      throw wrongFor(
        this.peer,
        this.contents,
        `${threads} threads: operations met ${met} entries instead of ${expected}`,
      );
    }
    return { start, end, operations, met, whole };
  }

  /** How many entries these steps have to meet. */
  #count({ expected, single }: Program, from: number, to: number): number {
    if (single === INCREMENT) this.#increments += to - from;
    let sum = 0;
    for (let i = from; i < to; i++) sum += expected[i]!;
    return sum;
  }

  /** Lets the engine compile a pass, over a small map of this thread's own. */
  async #warmPass(pass: Pass): Promise<void> {
    if (this.#warm.has(pass) || pass === "load" || pass === "replay") return;
    this.#warm.add(pass);
    const directory = `${this.place.directory}/warm-${this.#parts.thread}`;
    await mkdir(directory, { recursive: true });
    const map = await this.peer.create({ ...this.place, directory });
    const { contents, peer } = this;
    const parts = {
      contents,
      thread: 0,
      threads: 1,
      async: peer.async,
      trace: undefined,
      most: WARM_KEYS,
    };
    const fill = shareOf({ ...parts, pass: "insert" });
    await fill.run(map, 0, fill.length);
    if (pass === "remove") {
      const share = shareOf({ ...parts, pass });
      await share.run(map, 0, share.length);
    } else if (pass === "insert if absent") {
      const share = shareOf({ ...parts, pass });
      await share.run(map, 0, share.length);
    }
    await map.close?.();
  }

  #meet(threads: number): void {
    if (threads > 1) this.#parts.board.meet(threads);
  }
}

/** Lets the event loop run once. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
