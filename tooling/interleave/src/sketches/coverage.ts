// What schedules have come by: which places of the code, in which order, and which of them met.
//
// An edge is two sites that a thread reached one after the other, within a call. Two places have met if a thread was
// at the one in a block of memory, and the next access to that block was another thread's at the other; one of
// them writes. So each meeting is a place at which a thread was stopped in the middle of something, and what came in
// between. A place is a site and the export that was called: much of the code, such as that which applies a write, is
// common to all. Memory that is in no block counts by lines of 64 bytes.
import type { Core } from "../core.ts";
import type { Machine } from "../machine/machine.ts";
import type { Run } from "../machine/program.ts";
import { isWriting } from "../wasm/access.ts";

/** How much was covered. */
export interface Covered {
  readonly sites: number;
  readonly edges: number;
  readonly meetings: number;
}

/** What was covered, to be sent to another thread. */
export type CoverageData = Readonly<Record<keyof Covered, ReadonlySet<number>>>;

const lineShift = 6;

export class Coverage {
  readonly #core: Core;
  readonly #sites = new Set<number>();
  readonly #edges = new Set<number>();
  readonly #meetings = new Set<number>();
  readonly #writes: readonly boolean[];
  /** What is added to a site of a call of that export to give the number of its place. */
  readonly #calls: ReadonlyMap<string, number>;
  readonly #places: number;

  constructor(core: Core) {
    const count = core.sites.length;
    const exports = WebAssembly.Module.exports(core.module);
    this.#core = core;
    this.#writes = core.sites.map(({ kind }) => isWriting(kind));
    this.#calls = new Map(exports.map(({ name }, index) => [name, index * count]));
    this.#places = exports.length * count;
  }

  get covered(): Covered {
    const { sites, edges, meetings } = this.data;
    return { sites: sites.size, edges: edges.size, meetings: meetings.size };
  }

  get data(): CoverageData {
    return { sites: this.#sites, edges: this.#edges, meetings: this.#meetings };
  }

  /** Adds the machine's last schedule. */
  add(machine: Machine, run: Run): void {
    const visits = new Map<number, { thread: number; place: number }>();
    this.#visit(machine, run, ({ site, edge, thread, place, node }) => {
      this.#sites.add(site);
      if (edge >= 0) this.#edges.add(edge);
      const last = visits.get(node);
      if (last === undefined) {
        visits.set(node, { thread, place });
        return;
      }
      if (last.thread !== thread) {
        const meeting = this.#meetingOf(last.place, place);
        if (meeting >= 0) this.#meetings.add(meeting);
      }
      last.thread = thread;
      last.place = place;
    });
  }

  /**
   * What the machine's last schedule, of threads that ran one after the other, promises: how many edges are new, and
   * how many places on the same block could meet that have not met.
   */
  promise(machine: Machine, run: Run): { edges: number; meetings: number } {
    const edges = new Set<number>();
    const nodes = new Map<number, Set<number>[]>();
    this.#visit(machine, run, ({ edge, thread, place, node }) => {
      if (edge >= 0 && !this.#edges.has(edge)) edges.add(edge);
      const visitors = nodes.get(node) ?? run.threadSteps.map(() => new Set<number>());
      nodes.set(node, visitors);
      visitors[thread]!.add(place);
    });
    const meetings = new Set<number>();
    for (const visitors of nodes.values()) {
      for (const [thread, places] of visitors.entries()) {
        for (const others of visitors.toSpliced(thread, 1)) {
          for (const place of places) {
            for (const other of others) {
              const meeting = this.#meetingOf(place, other);
              if (meeting >= 0 && !this.#meetings.has(meeting)) meetings.add(meeting);
            }
          }
        }
      }
    }
    return { edges: edges.size, meetings: meetings.size };
  }

  /** Adds what another thread has covered, of the same core. */
  merge({ sites, edges, meetings }: CoverageData): void {
    for (const site of sites) this.#sites.add(site);
    for (const edge of edges) this.#edges.add(edge);
    for (const meeting of meetings) this.#meetings.add(meeting);
  }

  /** Lines of the source of which no site was reached, by file, in ascending order. */
  unreached(): ReadonlyMap<string, readonly number[]> {
    const reached = new Map<string, boolean>();
    for (const site of this.#core.sites.keys()) {
      const line = this.#core.lineOf(site);
      if (line === undefined) continue;
      reached.set(line, this.#sites.has(site) || (reached.get(line) ?? false));
    }
    const files = new Map<string, number[]>();
    for (const [line, isReached] of reached) {
      if (isReached) continue;
      const colon = line.lastIndexOf(":");
      const file = line.slice(0, colon);
      files.set(file, [...(files.get(file) ?? []), Number(line.slice(colon + 1))]);
    }
    for (const lines of files.values()) lines.sort((a, b) => a - b);
    return new Map([...files].sort());
  }

  #visit(machine: Machine, { history, threadSteps }: Run, visitor: (visit: Visit) => void): void {
    const began = new Map(history.map(({ called, operation }) => [called, operation.call]));
    // By thread.
    const before = threadSteps.map(() => -1);
    const call = threadSteps.map(() => 0);
    const visit = { site: 0, edge: 0, thread: 0, place: 0, node: 0 };
    machine.visitSteps((clock, thread, site, address) => {
      const name = began.get(clock);
      if (name !== undefined) {
        before[thread] = -1;
        call[thread] = this.#calls.get(name)!;
      }
      const last = before[thread]!;
      before[thread] = site;
      visit.site = site;
      visit.edge = last < 0 ? -1 : last * this.#writes.length + site;
      visit.thread = thread;
      visit.place = call[thread]! + site;
      // Lines are told from blocks by their sign.
      visit.node = machine.blocks?.blockOf(address) ?? -1 - (address >>> lineShift);
      visitor(visit);
    });
  }

  /** The number of a meeting; -1 if nobody writes. */
  #meetingOf(first: number, second: number): number {
    const count = this.#writes.length;
    if (!this.#writes[first % count] && !this.#writes[second % count]) return -1;
    return first * this.#places + second;
  }
}

interface Visit {
  readonly site: number;
  /** -1 for the first site of a call. */
  readonly edge: number;
  readonly thread: number;
  readonly place: number;
  readonly node: number;
}
