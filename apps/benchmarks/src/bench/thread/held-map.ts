// The map that a thread has: how it is made, filled, attached to and looked at. What is timed is in `member.ts`.
//
// A workload says in what state it begins: no map, a map without keys, or the full one. What the map holds is kept from
// workload to workload, so that it is filled only if it has to be.
import { now, type Timed } from "../../threads/clock.ts";
import type { ChoiceName } from "../choice.ts";
import type { MapPlace, Peer, PeerMap } from "../peers/peer.ts";
import type { Trace } from "../trace/trace.ts";
import type { Workload } from "../workloads.ts";
import { type Contents, wrongFor } from "./contents.ts";
import { shareOf } from "./passes.ts";
import { COUNTERS } from "./program.ts";

/** One measurement, as it is sent to all threads that take part. */
export interface Task {
  readonly workload: string;
  readonly choice: ChoiceName | undefined;
  readonly threads: number;
}

/** What a thread did. `met` is what its loop counted. */
export interface Done extends Timed {
  readonly met: number;
  /** False if it ran out of keys to insert before the time was over. */
  readonly whole: boolean;
}

export class HeldMap {
  readonly #peer: Peer;
  readonly #contents: Contents;
  readonly #place: MapPlace;
  #map: PeerMap | undefined;
  #holds: "nothing" | "no keys" | "all keys" = "nothing";
  #version = 0;

  constructor(peer: Peer, contents: Contents, place: MapPlace) {
    this.#peer = peer;
    this.#contents = contents;
    this.#place = place;
  }

  get map(): PeerMap {
    if (this.#map === undefined) throw new Error("this thread has no map yet");
    return this.#map;
  }

  /** Another one for each map that was made. */
  get version(): number {
    return this.#version;
  }

  /** Brings about the state in which the workload begins. Tells whether that took another map. */
  async prepare(workload: Workload): Promise<boolean> {
    const { shape } = workload;
    const before = this.#map;
    if (shape.kind === "pass" && shape.pass === "load") await this.release();
    else if (shape.kind === "pass" && shape.pass !== "remove") await this.#renew();
    else if (shape.kind === "special" && (shape.what === "fill" || shape.what === "memory"))
      await this.release();
    else await this.#fill();
    if (shape.kind === "pass" && shape.pass === "replay") await this.#preload();
    if (usesCounters(workload)) await this.#setCounters();
    return this.#map !== before;
  }

  /** Attaches to the map with this version, unless this is the one that is held. */
  async attach(version: number, handle: unknown): Promise<void> {
    if (this.#map !== undefined && this.#version === version) return;
    await this.#map?.close?.();
    this.#map = await this.#peer.attach!(handle, this.#place);
    this.#version = version;
  }

  /** Makes the full map of sorted entries, and times it. */
  async load(collect: () => void): Promise<Done> {
    const { set, keys, values } = this.#contents;
    const present = keys.slice(0, set.size);
    const theirs = values.slice(0, set.size);
    collect();
    const start = now();
    this.#map = await this.#peer.load!(this.#place, present, theirs);
    const end = now();
    this.#version++;
    this.#holds = "all keys";
    return { start, end, operations: set.size, met: set.size, whole: true };
  }

  /** Compares the map with what it has to hold after the workload. `increments` are those of all threads. */
  async check(
    workload: Workload,
    round: number,
    increments: number,
    trace: Trace | undefined,
  ): Promise<void> {
    const { shape } = workload;
    if (usesCounters(workload)) await this.#checkCounters(increments);
    if (shape.kind === "pass" && (shape.pass === "remove" || shape.pass === "replay")) {
      const expected = shape.pass === "remove" ? 0 : trace!.left;
      const size = await this.map.size();
      if (size !== expected) throw this.#wrong(`it has ${size} entries instead of ${expected}`);
      this.#holds = "nothing";
      return;
    }
    this.#holds = "all keys";
    await this.#contents.check(this.map, round);
  }

  async release(): Promise<void> {
    const map = this.#map;
    this.#map = undefined;
    this.#holds = "nothing";
    await map?.close?.();
  }

  async #renew(): Promise<void> {
    if (this.#holds === "no keys") return;
    await this.release();
    this.#map = await this.#peer.create(this.#place);
    this.#version++;
    this.#holds = "no keys";
  }

  async #fill(): Promise<void> {
    if (this.#holds === "all keys") return;
    await this.#renew();
    const { async } = this.#peer;
    const parts = { contents: this.#contents, thread: 0, threads: 1, async, trace: undefined };
    const share = shareOf({ ...parts, pass: "insert" });
    await share.run(this.map, 0, share.length);
    this.#holds = "all keys";
  }

  /** Entries that a replay's first operations expect to find. */
  async #preload(): Promise<void> {
    const { keys, values, set } = this.#contents;
    for (let i = 0; i < set.size; i++) await this.map.set(keys[i]!, values[i]);
  }

  #counters(): number[] {
    const { size, absent } = this.#contents.set;
    return Array.from({ length: Math.min(COUNTERS, absent) }, (_, i) => size + i);
  }

  async #setCounters(): Promise<void> {
    for (const number of this.#counters()) {
      await this.map.set(this.#contents.keys[number]!, this.#peer.value(0));
    }
  }

  async #checkCounters(increments: number): Promise<void> {
    let sum = 0;
    for (const number of this.#counters()) {
      const key = this.#contents.keys[number]!;
      sum += this.#peer.numberOf(await this.map.get(key));
      await this.map.delete(key);
    }
    if (sum !== increments) {
      throw this.#wrong(`its counters add up to ${sum} after ${increments} increments`);
    }
  }

  #wrong(what: string): Error {
    return wrongFor(this.#peer, this.#contents, what);
  }
}

function usesCounters({ shape }: Workload): boolean {
  return shape.kind === "steady" && shape.mix.some(([operation]) => operation === "increment");
}
